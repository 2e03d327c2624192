#pragma once
// A config's values as JSON, so that a manifest says what it was made from and two can be compared.

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/json.h"

namespace rq::data {

template <typename Config>
// NOLINTNEXTLINE(readability-function-size): half of its levels are branches of the compiler's.
Json config_to_json(const Config& config) {
  Json json = Json::object();
  Config copy = config;  // each() is written once, non-const
  copy.each([&](const std::string& key, const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_enum_v<Value>) {
      for (const auto& [constant, name] : enum_names(Value{})) {
        if (constant == value) {
          json[key] = std::string(name);
        }
      }
    } else if constexpr (requires { Json(value); } && !std::is_aggregate_v<Value>) {
      json[key] = value;
    } else {
      json[key] = config_to_json(value);
    }
  });
  return json;
}

}  // namespace rq::data
