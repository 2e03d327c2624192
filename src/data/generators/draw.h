#pragma once
// Small draws that all topics share.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/format.h"
#include "base/rng.h"

namespace rq::data {

// A whole number of 1 to `most_digits` digits: short ones are as likely as long ones. At least 1.
inline std::int64_t number(Rng& rng, int most_digits) {
  std::int64_t high = 10;
  for (std::int64_t digits = rng.between(1, most_digits); digits > 1; --digits) {
    high *= 10;
  }
  return rng.between(high == 10 ? 1 : high / 10, high - 1);
}

// " + 5" or " - 5": a term after the first.
inline std::string plus(std::int64_t value) {
  return fmt::format(" {} {}", value < 0 ? '-' : '+', value < 0 ? -value : value);
}

// "5x", "x", "-x": a coefficient other than 0 and its letters.
inline std::string term(std::int64_t coefficient, std::string_view letters) {
  return coefficient == 1    ? std::string(letters)
         : coefficient == -1 ? fmt::format("-{}", letters)
                             : fmt::format("{}{}", coefficient, letters);
}

// " + 5x", " - x", or nothing for 0: a term after the first.
inline std::string plus_term(std::int64_t coefficient, std::string_view letters) {
  if (coefficient == 0) {
    return {};
  }
  return fmt::format(" {} {}",
                     coefficient < 0 ? '-' : '+',
                     term(coefficient < 0 ? -coefficient : coefficient, letters));
}

// A whole number between -most and most that is not 0.
inline std::int64_t nonzero(Rng& rng, std::int64_t most) {
  const std::int64_t value = rng.between(1, most);
  return rng.below(2) == 0 ? value : -value;
}

}  // namespace rq::data
