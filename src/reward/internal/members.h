#pragma once
// Members of a JSON object, as exact errors need them: what is missing or of the wrong type is
// named together with its place.

#include <string>
#include <string_view>

#include "base/check.h"
#include "base/json.h"

namespace rq::reward {

inline const Json& member(const Json& object, const std::string& key, std::string_view origin) {
  const auto found = object.find(key);
  check(found != object.end(), "{}: there is no member \"{}\"", origin, key);
  return *found;
}

inline std::string text_of(const Json& value, std::string_view key, std::string_view origin) {
  check(value.is_string(), "{}: \"{}\" is not text but {}", origin, key, value.type_name());
  return value.get<std::string>();
}

inline std::string text_member(const Json& object,
                               const std::string& key,
                               std::string_view origin) {
  return text_of(member(object, key, origin), key, origin);
}

// "" where the member is absent or null.
inline std::string optional_text(const Json& object,
                                 const std::string& key,
                                 std::string_view origin) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? "" : text_of(*found, key, origin);
}

}  // namespace rq::reward
