#pragma once
// A list as one string.

#include <string>
#include <string_view>
#include <vector>

namespace rq::data {

inline std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string whole;
  for (const auto& part : parts) {
    whole.append(whole.empty() ? "" : between).append(part);
  }
  return whole;
}

}  // namespace rq::data
