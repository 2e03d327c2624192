#include "kernels/cpu/draw.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/rng.h"
#include "kernels/cpu/reductions.h"
#include "kernels/cpu/softmax_row.h"
#include "kernels/cpu/vector_math.h"

namespace rq::kernels::cpu {
namespace {

using std::int64_t;

// The Gumbel noise of an index: -log(E), E exponential. E = -log(1 - v) of a uniform v whose small
// values, which win the race, have all the bits of a float.
inline float gumbel(std::uint64_t key, std::uint64_t index) {
  const std::uint64_t bits = mix64(key + (index + 1) * 0x9e3779b97f4a7c15ULL) >> 32;
  const float v = (static_cast<float>(bits) + 0.5F) * 0x1.0p-32F;
  const float small = v + v * v * (0.5F + v * (1.0F / 3.0F));
  const float rest = v < 0x1.0p-6F ? 0.5F : 1.0F - v;
  return -log_of_positive(v < 0x1.0p-6F ? small : -log_of_positive(std::max(rest, 0x1.0p-26F)));
}

}  // namespace

float log_sum_exp(const float* logits, int64_t count) {
  const float peak = maximum(logits, count);
  return static_cast<float>(std::log(sum_of_exp(logits, count, peak))) + peak;
}

int64_t largest(const float* logits, int64_t count) {
  // Which block has it is found while the next ones are looked at; only that one is searched.
  constexpr int64_t kBlock = 512;
  float peak = -INFINITY;
  int64_t best = 0;
  for (int64_t first = 0; first < count; first += kBlock) {
    const float of_block = maximum(logits + first, std::min(kBlock, count - first));
    if (of_block > peak) {
      peak = of_block;
      best = first;
    }
  }
  const float* const end = logits + std::min(best + kBlock, count);
  const float* const found = std::find(logits + best, end, peak);
  return found == end ? 0 : found - logits;  // not found: nothing there can be compared
}

int64_t draw(const float* logits, int64_t count, float scale, std::uint64_t key, float* scratch) {
  for (int64_t v = 0; v < count; ++v) {
    scratch[v] = logits[v] * scale + gumbel(key, static_cast<std::uint64_t>(v));
  }
  return largest(scratch, count);
}

int64_t draw_among(const float* logits,
                   const std::int32_t* indices,
                   int64_t count,
                   float scale,
                   std::uint64_t key) {
  int64_t best = indices[0];
  float score = -INFINITY;
  for (int64_t i = 0; i < count; ++i) {
    const float value =
        logits[indices[i]] * scale + gumbel(key, static_cast<std::uint64_t>(indices[i]));
    if (value > score || (value == score && indices[i] < best)) {
      score = value;
      best = indices[i];
    }
  }
  return best;
}

}  // namespace rq::kernels::cpu
