#include "eval/interval.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace rq::eval {

Interval wilson_interval(std::int64_t hits, std::int64_t trials) {
  if (trials == 0) {
    return {.low = 0, .high = 1};
  }
  constexpr double kQuantile = 1.959963984540054;  // of the normal distribution at 0.975
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(hits) / n, square = kQuantile * kQuantile;
  const double center = (share + square / (2 * n)) / (1 + square / n);
  const double reach =
      kQuantile / (1 + square / n) * std::sqrt(share * (1 - share) / n + square / (4 * n * n));
  return {.low = hits == 0 ? 0 : std::max(center - reach, 0.0),
          .high = hits == trials ? 1 : std::min(center + reach, 1.0)};
}

std::int64_t percent(std::int64_t hits, std::int64_t trials) {
  if (hits == 0 || hits == trials) {
    return hits == 0 ? 0 : 100;
  }
  const double share = static_cast<double>(hits) / static_cast<double>(trials);
  return std::clamp<std::int64_t>(std::llround(100 * share), 1, 99);
}

}  // namespace rq::eval
