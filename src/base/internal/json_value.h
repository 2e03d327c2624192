#pragma once
// Private to base/json.h: the body of json_value.

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/check.h"

namespace rq {

template <typename T>
T json_value(const nlohmann::ordered_json& object,
             const std::string& key,
             T fallback,
             std::string_view origin) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) {
    return fallback;
  }
  try {
    return found->get<T>();
  } catch (const nlohmann::json::exception&) {
    fail("{}: \"{}\" is {}, which is of the wrong type", origin, key, found->dump());
  }
}

}  // namespace rq
