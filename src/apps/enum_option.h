#pragma once
// Options whose values are the names of an enum.

#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"

namespace rq {

// The value called `name`; an Error names the option and the values there are.
template <typename Enum>
Enum enum_option(std::string_view option, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& [value, known] : enum_names(Enum{})) {
    if (known == name) {
      return value;
    }
    names.push_back(known);
  }
  fail("{} {} is none of {}", option, name, fmt::join(names, ", "));
}

}  // namespace rq
