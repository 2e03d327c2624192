// The rotary part of model/hf_config.h.
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "model/config.h"
#include "model/internal/hf_rope.h"
#include "model/rope_frequencies.h"

namespace rq::model::internal {
namespace {

// YaRN's 0.1 m ln s + 1.
double growth(double factor, double mscale) {
  return factor <= 1 ? 1.0 : 0.1 * mscale * std::log(factor) + 1.0;
}

// The dictionary that stretches rotary frequencies, in either spelling; null where there is none.
Json rope_dictionary(const Json& json, const std::string& origin) {
  for (const char* const key : {"rope_parameters", "rope_scaling"}) {
    const auto found = json.find(key);
    if (found == json.end() || found->is_null()) {
      continue;
    }
    check(found->is_object(), "{}: \"{}\" is {}, not an object", origin, key, found->dump());
    for (const auto& [name, value] : found->items()) {
      check(!value.is_object(),
            "{}: \"{}\" differs by kind of layer (\"{}\"), which is not supported",
            origin,
            key,
            name);
    }
    return *found;
  }
  return Json::object();
}

RopeScaling scaling_named(const std::string& name, const std::string& origin) {
  if (name == "default") {
    return RopeScaling::kNone;
  }
  for (const auto& [scaling, known] : enum_names(RopeScaling{})) {
    if (known == name && scaling != RopeScaling::kNone) {
      return scaling;
    }
  }
  fail("{}: the rope type \"{}\" is not supported; yarn, llama3 and linear are", origin, name);
}

// A number, or `fallback` where it is absent, null or 0, which transformers takes for absent.
double number_or(const Json& rope,
                 const std::string& key,
                 double fallback,
                 const std::string& origin) {
  const double value = json_value(rope, key, 0.0, origin);
  return value == 0 ? fallback : value;
}

// How transformers derives the magnitude of cos and sin, in terms of our two numbers:
//   magnitude = growth(mscale) / growth(mscale_all_dim).
void read_magnitude(const Json& rope, const std::string& origin, RopeConfig& config) {
  const double mscale = json_value(rope, "mscale", 0.0, origin);
  config.mscale_all_dim = json_value(rope, "mscale_all_dim", 0.0, origin);
  const double stated = json_value(rope, "attention_factor", 0.0, origin);
  const bool is_stated =
      rope.contains("attention_factor") && !rope.at("attention_factor").is_null();
  if (!is_stated && mscale != 0 && config.mscale_all_dim != 0) {
    config.mscale = mscale;
    return;
  }
  if (!is_stated && config.mscale_all_dim == 0) {
    config.mscale = 1;
    return;
  }
  const double magnitude = is_stated ? stated : growth(config.factor, 1);
  check(config.factor > 1 || magnitude == 1,
        "{}: \"attention_factor\" {} with the factor {} is not supported",
        origin,
        magnitude,
        config.factor);
  config.mscale = config.factor <= 1
                      ? 1
                      : (magnitude * growth(config.factor, config.mscale_all_dim) - 1) /
                            (0.1 * std::log(config.factor));
}

void read_yarn(const Json& rope, const std::string& origin, RopeConfig& config) {
  check(json_value(rope, "truncate", true, origin),
        "{}: yarn with \"truncate\" false is not supported",
        origin);
  config.beta_fast = number_or(rope, "beta_fast", 32, origin);
  config.beta_slow = number_or(rope, "beta_slow", 1, origin);
  read_magnitude(rope, origin, config);
}

void read_llama3(const Json& rope, const std::string& origin, RopeConfig& config) {
  config.low_frequency_factor = json_value(rope, "low_freq_factor", 1.0, origin);
  config.high_frequency_factor = json_value(rope, "high_freq_factor", 4.0, origin);
  check(config.high_frequency_factor > config.low_frequency_factor,
        "{}: \"high_freq_factor\" {} must exceed \"low_freq_factor\" {}",
        origin,
        config.high_frequency_factor,
        config.low_frequency_factor);
}

}  // namespace

void read_rope(const Json& json, const std::string& origin, ModelConfig& config) {
  const Json rope = rope_dictionary(json, origin);
  RopeConfig& out = config.attention.rope;
  out.theta =
      json_value(rope, "rope_theta", json_value(json, "rope_theta", 10000.0, origin), origin);
  // NOTE: MLA's rotary width is a key of its own, and no such model has a partial factor.
  const double partial = json_value(rope,
                                    "partial_rotary_factor",
                                    json_value(json, "partial_rotary_factor", 1.0, origin),
                                    origin);
  check(partial == 1, "{}: \"partial_rotary_factor\" {} is not supported", origin, partial);
  const auto type = json_value<std::string>(rope, "type", "default", origin);
  out.scaling = scaling_named(json_value(rope, "rope_type", type, origin), origin);
  if (out.scaling == RopeScaling::kNone) {
    return;
  }
  const auto in_rope = json_value(rope, "original_max_position_embeddings", config.context, origin);
  out.original_context = json_value(json, "original_max_position_embeddings", in_rope, origin);
  check(out.original_context >= 1,
        "{}: \"original_max_position_embeddings\" is {}",
        origin,
        out.original_context);
  const double implied =
      static_cast<double>(config.context) / static_cast<double>(out.original_context);
  out.factor = json_value(rope, "factor", implied, origin);
  out.mscale = 1;
  out.mscale_all_dim = json_value(rope, "mscale_all_dim", 0.0, origin);
  if (out.scaling == RopeScaling::kYarn) {
    read_yarn(rope, origin, out);
  } else if (out.scaling == RopeScaling::kLlama3) {
    read_llama3(rope, origin, out);
  }
}

void write_rope(const ModelConfig& config, Json& json) {
  const RopeConfig& rope = config.attention.rope;
  json["rope_theta"] = rope.theta;
  if (rope.scaling == RopeScaling::kNone) {
    json["rope_scaling"] = nullptr;
    return;
  }
  std::string type;
  for (const auto& [scaling, name] : enum_names(rope.scaling)) {
    type = scaling == rope.scaling ? name : type;
  }
  // Both names of the type, and the old name of the dictionary: every reader understands these.
  Json out{{"rope_type", type}, {"type", type}, {"factor", rope.factor}};
  if (rope.scaling != RopeScaling::kLinear) {
    out["original_max_position_embeddings"] = rope.original_context;
  }
  if (rope.mscale_all_dim != 0) {
    out["mscale_all_dim"] = rope.mscale_all_dim;
  }
  if (rope.scaling == RopeScaling::kYarn) {
    out["beta_fast"] = rope.beta_fast;
    out["beta_slow"] = rope.beta_slow;
    if (rope.mscale != 0 && rope.mscale_all_dim != 0) {
      out["mscale"] = rope.mscale;
    } else if (rope.mscale != 1) {
      out["attention_factor"] = rope_magnitude(rope);
    }
  } else if (rope.scaling == RopeScaling::kLlama3) {
    out["low_freq_factor"] = rope.low_frequency_factor;
    out["high_freq_factor"] = rope.high_frequency_factor;
  }
  json["rope_scaling"] = std::move(out);
}

}  // namespace rq::model::internal
