#pragma once
// Measuring a model past the context that it was trained for.

#include <cstdint>

#include "model/config.h"

namespace rq::eval {

// Whether raise_context() may be asked: the model's rotary positions are plain, so that every
// position has its angle and none was stretched for a certain context.
bool can_raise_context(const model::ModelConfig& config);

// Lets a model be run up to `context` tokens, in memory alone. An Error, with both numbers, where
// that is below its own context, or where its positions are stretched.
void raise_context(model::ModelConfig& config, std::int64_t context);

}  // namespace rq::eval
