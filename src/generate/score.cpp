#include "generate/score.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "kernels/cross_entropy.h"

namespace rq::generate {

void check_tokens(const model::ModelConfig& model, std::span<const std::int32_t> tokens) {
  check(static_cast<std::int64_t>(tokens.size()) <= model.context,
        "{} tokens exceed the model's context of {}",
        tokens.size(),
        model.context);
  for (const std::int32_t token : tokens) {
    check(token >= 0 && token < model.vocab_size,
          "token {} is outside the model's vocabulary of {}",
          token,
          model.vocab_size);
  }
}

std::vector<float> log_probabilities(const model::Model& model,
                                     std::span<const std::int32_t> tokens) {
  check_tokens(model.config, tokens);
  const auto length = static_cast<std::int64_t>(tokens.size());
  if (length < 2) {
    return {};
  }
  const at::NoGradGuard no_grad;
  const Tensor ids =
      at::tensor(at::ArrayRef<std::int32_t>(tokens.data(), tokens.size()), at::kInt).to(at::kLong);
  const Tensor hidden = model(ids.narrow(0, 0, length - 1).unsqueeze(0)).hidden;
  const Tensor weights = at::zeros({length - 1}, hidden.options());
  return to_vector<float>(
      -kernels::cross_entropy(hidden, model.output_head(), ids.narrow(0, 1, length - 1), weights)
           .losses);
}

std::vector<float> log_probabilities_in_windows(const model::Model& model,
                                                std::span<const std::int32_t> tokens) {
  const auto window = static_cast<std::size_t>(model.config.context);
  std::vector<float> scored;
  for (std::size_t start = 0; scored.size() + 1 < tokens.size();
       start += std::max<std::size_t>(window / 2, 1)) {
    const auto part = tokens.subspan(start, std::min(window, tokens.size() - start));
    const std::vector<float> values = log_probabilities(model, part);
    const std::size_t known = scored.size() - start;
    scored.insert(scored.end(), values.begin() + static_cast<std::ptrdiff_t>(known), values.end());
  }
  return scored;
}

}  // namespace rq::generate
