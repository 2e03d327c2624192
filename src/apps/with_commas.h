#pragma once
// Large counts as people read them.

#include <cstdint>
#include <string>

namespace rq {

// 671026419200 -> "671,026,419,200"; counts are not negative.
inline std::string with_commas(std::int64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) {
      text += ',';
    }
    text += digits[i];
  }
  return text;
}

}  // namespace rq
