#pragma once
// Private to hf_config: the rotary part of a config.json.

#include <string>

#include "base/json.h"
#include "model/config.h"

namespace rq::model::internal {

// Fills config.attention.rope but for `interleaved`; config.context and attention.kind are set
// before.
void read_rope(const Json& json, const std::string& origin, ModelConfig& config);
void write_rope(const ModelConfig& config, Json& json);

}  // namespace rq::model::internal
