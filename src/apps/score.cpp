// rorqual score: log-probabilities of given texts or tokens, one line out for each line in.

#include "generate/score.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "model/hf_weights.h"
#include "tokenizer/special_tokens.h"
#include "tokenizer/tokenizer.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

struct ScoreOptions {
  std::string model, input, output;
  bool has_begin_token = false, has_windows = false, has_summary = false;
};

// What --summary tells.
struct Summary {
  std::int64_t documents = 0, tokens = 0, scored = 0, bytes = 0;
  double nats = 0;
};

class Scorer {
 public:
  explicit Scorer(const ScoreOptions& options)
      : options_(options), model_(model::load_model(options.model)) {}

  // One line of the input to one line of the output.
  std::string operator()(const std::string& line, const std::string& origin) {
    const std::vector<std::int32_t> tokens = tokens_of(parse_json(line, origin), origin);
    std::vector<float> values;
    try {
      values = options_.has_windows ? generate::log_probabilities_in_windows(model_, tokens)
                                    : generate::log_probabilities(model_, tokens);
    } catch (const Error& error) {
      fail("{}: {}", origin, error.what());
    }
    Json logprobs = Json::array();
    if (!tokens.empty()) {
      logprobs.push_back(nullptr);
    }
    for (const float value : values) {
      logprobs.push_back(value);
      summary_.nats -= static_cast<double>(value);
    }
    ++summary_.documents;
    summary_.tokens += static_cast<std::int64_t>(tokens.size());
    summary_.scored += static_cast<std::int64_t>(values.size());
    return Json{{"logprobs", logprobs}}.dump();
  }

  const Summary& summary() const { return summary_; }
  // What a token costs that nothing is known of, in nats.
  double uniform_nats() const { return std::log(static_cast<double>(model_.config.vocab_size)); }

 private:
  const tokenizer::Tokenizer& tokenizer() {
    if (!tokenizer_) {
      tokenizer_ = tokenizer::Tokenizer::load(fs::path(options_.model) / "tokenizer.json");
    }
    return *tokenizer_;
  }

  std::vector<std::int32_t> tokens_of(const Json& line, const std::string& origin) {
    check(line.is_object() && (line.contains("text") || line.contains("tokens")),
          "{}: needs an object with \"text\" or \"tokens\"",
          origin);
    if (line.contains("tokens")) {
      return json_value<std::vector<std::int32_t>>(line, "tokens", {}, origin);
    }
    const auto text = json_value<std::string>(line, "text", {}, origin);
    std::vector<std::int32_t> tokens;
    if (options_.has_begin_token) {
      const auto begin = tokenizer().id_of(tokenizer::kBeginOfSentence);
      check(begin.has_value(),
            "{}: its tokenizer has no {}",
            options_.model,
            tokenizer::kBeginOfSentence);
      tokens.push_back(*begin);
    }
    tokenizer().encode_to(text, tokens);
    summary_.bytes += static_cast<std::int64_t>(text.size());
    return tokens;
  }

  ScoreOptions options_;
  model::Model model_;
  std::optional<tokenizer::Tokenizer> tokenizer_;  // read when the first text comes
  Summary summary_;
};

void print_summary(const Summary& summary, double uniform_nats) {
  std::cout << fmt::format(
      "{} documents, {} tokens, {:.4f} nats a token",
      summary.documents,
      summary.tokens,
      summary.nats / static_cast<double>(std::max<std::int64_t>(summary.scored, 1)));
  if (summary.bytes > 0) {
    // The first token of a text has no probability here; as one of all tokens alike it costs this,
    // and no byte comes for free.
    const double first_nats = uniform_nats * static_cast<double>(summary.tokens - summary.scored);
    const double bits = (summary.nats + first_nats) / std::numbers::ln2;
    std::cout << fmt::format(", {:.4f} bits a byte", bits / static_cast<double>(summary.bytes));
  }
  std::cout << "\n";
}

void score(const ScoreOptions& options) {
  std::ifstream input(options.input);
  check(input.good(), "cannot read {}", options.input);
  Scorer scorer(options);
  FileWriter output(options.output);
  Progress bar("score", static_cast<std::int64_t>(fs::file_size(options.input)), "bytes");
  std::int64_t number = 0, bytes = 0;
  for (std::string line; std::getline(input, line);) {
    ++number;
    bytes += static_cast<std::int64_t>(line.size()) + 1;
    output.write(scorer(line, fmt::format("line {} of {}", number, options.input)) + "\n");
    bar.update(bytes);
  }
  output.commit();
  bar.finish();
  if (options.has_summary) {
    print_summary(scorer.summary(), scorer.uniform_nats());
  }
}

}  // namespace

void add_score(CLI::App& app) {
  const auto options = std::make_shared<ScoreOptions>();  // lives as long as the callback
  CLI::App* const verb =
      app.add_subcommand("score",
                         "Natural log-probabilities that a model gives to text.\n"
                         "Lines {\"text\": ...} or {\"tokens\": [...]} in; a line {\"logprobs\": "
                         "[null, ...]} out for each, in order.");
  verb->add_option("--model", options->model, "Folder in Hugging Face layout")->required();
  verb->add_option("--input", options->input, "JSON lines")->required();
  verb->add_option("--output", options->output, "JSON lines, written whole or not at all")
      ->required();
  verb->add_flag("--begin-token", options->has_begin_token, "Put the begin token before each text");
  verb->add_flag("--windows",
                 options->has_windows,
                 "Score what is longer than the context in windows half a context apart");
  verb->add_flag("--summary",
                 options->has_summary,
                 "Also print the mean, and bits a byte of the texts (a first token counts as one "
                 "of all tokens alike)");
  verb->callback([options] { score(*options); });
}

}  // namespace rq
