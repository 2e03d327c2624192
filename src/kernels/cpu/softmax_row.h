#pragma once
// The softmax of one row of scores, of which the causal mask leaves the first ones. Private to
// kernels/cpu.

#include <algorithm>
#include <cstdint>

#include "kernels/cpu/vector_math.h"

namespace rq::kernels::cpu {

// Turns a row of scores into exp(score - peak) over the `seen` first and zero beyond; returns the
// sum.
inline float exponentiate(float* scores, std::int64_t seen, std::int64_t width, float peak) {
  constexpr std::int64_t kLanes = 16;
  float part[kLanes] = {};
  std::int64_t j = 0;
  for (; j + kLanes <= seen; j += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const float e = fast_exp(scores[j + lane] - peak);
      scores[j + lane] = e;
      part[lane] += e;
    }
  }
  for (; j < seen; ++j) {
    scores[j] = fast_exp(scores[j] - peak);
    part[0] += scores[j];
  }
  std::fill(scores + seen, scores + width, 0.0F);
  float sum = 0;
  for (const float p : part) {
    sum += p;
  }
  return sum;
}

}  // namespace rq::kernels::cpu
