#pragma once
// Continuing a text token by token, with a cache: for MLA the latents and the shared rotary key
// alone (DeepSeek-V2 §2.1.2).

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/rng.h"
#include "model/model.h"

namespace rq::generate {

struct Sampling {
  std::int64_t max_tokens = 128;  // fewer where the context or the end token comes first
  double temperature = 1.0;       // 0: always the most probable token, of equals the lowest
  double top_p = 1.0;  // only the most probable tokens that together reach this are drawn from
  std::uint64_t seed = 1;

  void validate() const;
};

// An index of logits [V], drawn by temperature and top_p; `rng` is not used at temperature 0.
std::int32_t sample(const Tensor& logits, const Sampling& sampling, Rng& rng);

// The tokens that follow `prompt`, without `end`, which stops it. `on_token` is told of each as it
// comes. An Error where the prompt is empty, leaves no room in the context, or holds a token
// outside the vocabulary.
std::vector<std::int32_t> continue_tokens(const model::Model& model,
                                          std::span<const std::int32_t> prompt,
                                          const Sampling& sampling,
                                          std::optional<std::int32_t> end,
                                          const std::function<void(std::int32_t)>& on_token = {});

}  // namespace rq::generate
