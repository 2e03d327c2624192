// What model_parity.py needs beside `rorqual score`: a model folder's predictions further ahead,
// and the same model written again. For tests only.
//
//   model_probe FOLDER tokens.jsonl out.jsonl WRITTEN_FOLDER
//
// Lines {"tokens": [...]} in; lines {"predictions": [[...], ...]} out: for every depth of
// multi-token prediction the log-probabilities of the tokens that it can predict.

#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "base/json.h"
#include "base/tensor.h"
#include "model/hf_weights.h"

namespace rq {
namespace {

constexpr std::uint64_t kShardBytes = 50'000;  // small models, several shards

// Of depth `depth`: position i sees token i + 1 + depth, and predicts the one after that.
Json predictions_of(const model::Model& model, const Tensor& tokens) {
  const std::int64_t count = tokens.size(1);
  Tensor hidden = model(tokens).hidden;
  Json all = Json::array();
  for (std::int64_t depth = 0; depth < std::ssize(model.predictions); ++depth) {
    const std::int64_t seen = count - 1 - depth;
    hidden =
        model.predict_further(depth, hidden.narrow(0, 0, seen), tokens.narrow(1, 1 + depth, seen))
            .hidden;
    const Tensor logits = at::linear(hidden.narrow(0, 0, seen - 1), model.output_head());
    const Tensor targets = tokens[0].narrow(0, 2 + depth, seen - 1).unsqueeze(1);
    all.push_back(to_vector<double>(logits.to(at::kDouble).log_softmax(1).gather(1, targets)));
  }
  return all;
}

void probe(const std::vector<std::string>& arguments) {
  const c10::NoGradGuard no_grad;
  const model::Model model = model::load_model(arguments.at(1));
  std::ifstream input(arguments.at(2));
  std::ofstream output(arguments.at(3));
  for (std::string line; std::getline(input, line);) {
    const auto tokens = parse_json(line, arguments[2]).at("tokens").get<std::vector<int64_t>>();
    output << Json{{"predictions",
                    predictions_of(model, at::tensor(tokens, at::kLong).unsqueeze(0))}}
                  .dump()
           << "\n";
  }
  model::save_model(arguments.at(4), model, {}, kShardBytes);
}

}  // namespace
}  // namespace rq

int main(int count, char** arguments) {
  try {
    rq::probe({arguments, arguments + count});
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "model_probe: " << error.what() << "\n";
    return 1;
  }
}
