#pragma once
// Sums and maxima of rows. Private to kernels/cpu.

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace rq::kernels::cpu {

// Sums with 16 running parts, so that the order, and with it every bit, does not depend on the
// compiler's vector width.
template <typename Term>
float sum_terms(std::int64_t count, const Term& term) {
  constexpr std::int64_t kLanes = 16;
  float part[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      part[lane] += term(i + lane);
    }
  }
  for (std::int64_t lane = 0; i < count; ++i, ++lane) {
    part[lane] += term(i);
  }
  for (std::int64_t half = kLanes / 2; half > 0; half /= 2) {
    for (std::int64_t lane = 0; lane < half; ++lane) {
      part[lane] += part[lane + half];
    }
  }
  return part[0];
}

inline float maximum(const float* x, std::int64_t count) {
  constexpr std::int64_t kLanes = 16;
  float part[kLanes];
  std::fill(part, part + kLanes, -INFINITY);
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      part[lane] = x[i + lane] > part[lane] ? x[i + lane] : part[lane];
    }
  }
  for (; i < count; ++i) {
    part[0] = std::max(part[0], x[i]);
  }
  return *std::max_element(part, part + kLanes);
}

}  // namespace rq::kernels::cpu
