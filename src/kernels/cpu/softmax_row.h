#pragma once
// The softmax of one row: of scores, of which the causal mask leaves the first ones, and of a
// vocabulary's logits. Private to kernels/cpu.

#include <algorithm>
#include <cstdint>

#include "kernels/cpu/reductions.h"
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

// sum_v exp(scores[v] - peak) of a row as long as a vocabulary. Blocks are added up as doubles:
// beside a large term, floats lose the many small ones, up to 1e-5 of the sum.
inline double sum_of_exp(const float* scores, std::int64_t count, float peak) {
  constexpr std::int64_t kBlock = 256;
  double sum = 0;
  for (std::int64_t first = 0; first < count; first += kBlock) {
    sum += sum_terms(std::min(kBlock, count - first),
                     [=](std::int64_t v) { return fast_exp(scores[first + v] - peak); });
  }
  return sum;
}

}  // namespace rq::kernels::cpu
