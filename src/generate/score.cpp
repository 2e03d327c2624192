#include "generate/score.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "kernels/cross_entropy.h"

namespace rq::generate {

std::vector<float> log_probabilities(const model::Model& model,
                                     std::span<const std::int32_t> tokens) {
  const auto length = static_cast<std::int64_t>(tokens.size());
  check(length <= model.config.context,
        "{} tokens exceed the model's context of {}",
        length,
        model.config.context);
  for (const std::int32_t token : tokens) {
    check(token >= 0 && token < model.config.vocab_size,
          "token {} is outside the model's vocabulary of {}",
          token,
          model.config.vocab_size);
  }
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

}  // namespace rq::generate
