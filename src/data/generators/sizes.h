#pragma once
// How large a generator's documents are.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/rng.h"

namespace rq::data {

// A range that sizes are drawn from, both ends included. What is counted is the generator's matter.
struct Sizes {
  std::int64_t least = 0, most = 0;
};

// A whole number of the range whose logarithm is uniform: 10 to 20 is as likely as 100 to 200.
// REQUIRES 1 <= least <= most.
inline std::int64_t log_uniform(Rng& rng, Sizes sizes) {
  const auto least = static_cast<double>(sizes.least);
  const double factor = static_cast<double>(sizes.most + 1) / least;
  const auto drawn = static_cast<std::int64_t>(least * std::pow(factor, rng.uniform()));
  return std::clamp(drawn, sizes.least, sizes.most);
}

}  // namespace rq::data
