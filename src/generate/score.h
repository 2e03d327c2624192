#pragma once
// The probabilities that a model gives to text that exists: what evaluation and `rorqual score`
// need.

#include <cstdint>
#include <span>
#include <vector>

#include "model/model.h"

namespace rq::generate {

// An Error where the tokens exceed the model's context or one is outside its vocabulary.
void check_tokens(const model::ModelConfig& model, std::span<const std::int32_t> tokens);

// Natural log-probability of each token given those before it, from the second on: size() - 1
// numbers. Works in float32; memory grows with the length, not its square. An Error where the
// tokens exceed the model's context or vocabulary.
std::vector<float> log_probabilities(const model::Model& model,
                                     std::span<const std::int32_t> tokens);

// The same for tokens of any number: in windows of the model's context that start half a context
// apart, each token scored in the first window that holds it, so that it sees at least half a
// context where there is one.
std::vector<float> log_probabilities_in_windows(const model::Model& model,
                                                std::span<const std::int32_t> tokens);

}  // namespace rq::generate
