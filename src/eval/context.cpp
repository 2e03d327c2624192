#include "eval/context.h"

#include <cstdint>

#include "base/check.h"
#include "base/config.h"

namespace rq::eval {

bool can_raise_context(const model::ModelConfig& config) {
  return config.attention.rope.scaling == model::RopeScaling::kNone;
}

void raise_context(model::ModelConfig& config, std::int64_t context) {
  check(context >= config.context,
        "a context of {} tokens is below the model's own of {}",
        context,
        config.context);
  check(can_raise_context(config) || context == config.context,
        "a context of {} tokens was asked for; the model's rotary positions are stretched ({}) for "
        "{}, and only plain ones can be measured further",
        context,
        enum_name(config.attention.rope.scaling),
        config.context);
  config.context = context;
}

}  // namespace rq::eval
