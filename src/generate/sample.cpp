#include "generate/sample.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "generate/score.h"

namespace rq::generate {

void Sampling::validate() const {
  check(max_tokens >= 0, "max_tokens={} must not be negative", max_tokens);
  check(temperature >= 0, "temperature={} must not be negative", temperature);
  check(top_p > 0 && top_p <= 1, "top_p={} must lie in (0, 1]", top_p);
}

std::int32_t sample(const Tensor& logits, const Sampling& sampling, Rng& rng) {
  if (sampling.temperature == 0) {
    const std::vector<float> values = to_vector<float>(logits);
    return static_cast<std::int32_t>(std::max_element(values.begin(), values.end()) -
                                     values.begin());
  }
  const Tensor probabilities = (logits.to(at::kDouble) / sampling.temperature).softmax(-1);
  const auto [sorted, order] = probabilities.sort(/*stable=*/true, -1, /*descending=*/true);
  const std::vector<double> shares = to_vector<double>(sorted);
  const std::vector<std::int64_t> tokens = to_vector<std::int64_t>(order);
  std::size_t kept = 0;
  double mass = 0;
  while (kept < shares.size() && (kept == 0 || mass < sampling.top_p)) {
    mass += shares[kept++];
  }
  double left = rng.uniform() * mass;
  std::size_t i = 0;
  while (i + 1 < kept && left >= shares[i]) {
    left -= shares[i++];
  }
  return static_cast<std::int32_t>(tokens[i]);
}

std::vector<std::int32_t> continue_tokens(const model::Model& model,
                                          std::span<const std::int32_t> prompt,
                                          const Sampling& sampling,
                                          std::optional<std::int32_t> end,
                                          const std::function<void(std::int32_t)>& on_token) {
  sampling.validate();
  check(!prompt.empty(), "the prompt is empty: there is nothing to continue");
  check_tokens(model, prompt);
  const at::NoGradGuard no_grad;
  const auto length = static_cast<std::int64_t>(prompt.size());
  const std::int64_t room = std::min(sampling.max_tokens, model.config.context - length);
  check(room > 0 || sampling.max_tokens == 0,
        "a prompt of {} tokens leaves no room in the model's context of {}",
        length,
        model.config.context);
  model::Cache cache = model.make_cache(1, length + room);
  Rng rng(sampling.seed, "generate");
  std::vector<std::int32_t> input(prompt.begin(), prompt.end()), tokens;
  while (static_cast<std::int64_t>(tokens.size()) < room) {
    const Tensor ids = at::tensor(input, at::kLong).unsqueeze(0);
    const Tensor last = model(ids, &cache).hidden.narrow(0, ids.size(1) - 1, 1);
    const Tensor logits = at::linear(last, model.output_head()).squeeze(0);  // [V]
    const std::int32_t token = sample(logits, sampling, rng);
    if (end == token) {
      break;
    }
    tokens.push_back(token);
    if (on_token) {
      on_token(token);
    }
    input.assign(1, token);
  }
  return tokens;
}

}  // namespace rq::generate
