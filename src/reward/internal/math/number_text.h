#pragma once
// Numbers as they are written: with separators of thousands, a point, an exponent.

#include <cstddef>
#include <string>
#include <string_view>

namespace rq::reward::math {

struct NumberText {
  std::string digits;     // "1234.5e-3": without separators, a zero before the point
  std::size_t bytes = 0;  // that it takes in the text
};

// Whether a comma before three digits, "1,234", belongs to the number or stands between two.
enum class Comma { kGroups, kSeparates };

// The number that `text` begins with: a digit, or a point and a digit.
NumberText read_number_text(std::string_view text, Comma comma);

}  // namespace rq::reward::math
