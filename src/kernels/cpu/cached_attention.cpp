#include "kernels/cpu/cached_attention.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "kernels/cpu/softmax_row.h"
#include "kernels/cpu/vectors.h"

namespace rq::kernels::cpu {
namespace {

using std::int64_t;

constexpr int kLanes = 16;
constexpr int kHeads = 4;     // query heads that are held in registers together
constexpr int64_t kKeys = 4;  // and keys
using Vector = float __attribute__((vector_size(kLanes * sizeof(float)), aligned(4)));

// The two vectors' sums of lanes that are kHalf apart, a's in the lower halves of each 2 * kHalf.
template <int kHalf, int... kLane>
Vector fold(Vector a, Vector b, std::integer_sequence<int, kLane...>) {
  constexpr auto lower = [](int lane) {
    return lane / (2 * kHalf) * 2 * kHalf + lane % kHalf + (lane / kHalf % 2 == 1 ? kLanes : 0);
  };
  return __builtin_shufflevector(a, b, lower(kLane)...) +
         __builtin_shufflevector(a, b, (lower(kLane) + kHalf)...);
}
template <int kHalf>
Vector fold(Vector a, Vector b) {
  return fold<kHalf>(a, b, std::make_integer_sequence<int, kLanes>());
}

// The sum of each of 16 vectors: of each lane with the one 8 away, then 4, 2 and 1.
void sums_of(const Vector (&vectors)[kLanes], float* sums) {
  Vector eights[8], fours[4];
  for (int i = 0; i < 8; ++i) {
    eights[i] = fold<8>(vectors[i], vectors[i + 8]);
  }
  for (int i = 0; i < 4; ++i) {
    fours[i] = fold<4>(eights[i], eights[i + 4]);
  }
  const Vector even = fold<2>(fours[0], fours[2]), odd = fold<2>(fours[1], fours[3]);
  store(fold<1>(even, odd), sums);
}

// scores[h][position + i] = scale * q[h] . key[position + i], for kCount heads and the `keys` <=
// kKeys positions from `position` on.
template <int kCount>
void score_keys(const CachedEntries& entries,
                int64_t position,
                int64_t keys,
                const CachedHead& head,
                const float* q,
                float* scores,
                int64_t stride) {
  const int64_t whole = head.key_width / kLanes * kLanes;
  const float* key[kKeys];
  for (int64_t i = 0; i < kKeys; ++i) {  // where there are fewer, the last is taken again
    key[i] = entries[position + std::min(i, keys - 1)] + head.key_offset;
  }
  // Pages lie apart, so that the processor foresees none of them.
  if (position + kPageTokens + kKeys <= stride) {
    const float* const ahead = entries[position + kPageTokens] + head.key_offset;
    for (int64_t w = 0; w < kKeys * entries.width; w += kLanes) {
      __builtin_prefetch(ahead + w);
    }
  }
  Vector sum[kLanes];
  clear(sum);
  for (int64_t w = 0; w < whole; w += kLanes) {
    Vector query[kCount];
    for (int h = 0; h < kCount; ++h) {
      query[h] = load<Vector>(q + h * head.key_width + w);
    }
    for (int i = 0; i < kKeys; ++i) {
      const Vector part = load<Vector>(key[i] + w);
      for (int h = 0; h < kCount; ++h) {
        sum[h * kKeys + i] += query[h] * part;
      }
    }
  }
  float dots[kLanes];
  sums_of(sum, dots);
  for (int h = 0; h < kCount; ++h) {
    for (int64_t i = 0; i < keys; ++i) {
      float dot = dots[h * kKeys + i];
      for (int64_t w = whole; w < head.key_width; ++w) {
        dot += q[h * head.key_width + w] * key[i][w];
      }
      scores[h * stride + position + i] = head.scale * dot;
    }
  }
}

// o[h][u] = sum over the positions of weights[h][position] * value[position][u], for the kVectors *
// kLanes columns from `first` on.
template <int kCount, int kVectors>
void mix(const CachedEntries& entries,
         int64_t positions,
         const CachedHead& head,
         const float* weights,
         int64_t first,
         float* o) {
  Vector sum[kCount][kVectors];
  clear(sum);
  for (int64_t position = 0; position < positions; ++position) {
    const float* const value = entries[position] + head.value_offset + first;
    for (int64_t v = 0; v < kVectors; ++v) {
      const Vector part = load<Vector>(value + v * kLanes);
      for (int64_t h = 0; h < kCount; ++h) {
        sum[h][v] += weights[h * positions + position] * part;
      }
    }
  }
  for (int64_t h = 0; h < kCount; ++h) {
    for (int64_t v = 0; v < kVectors; ++v) {
      store(sum[h][v], o + h * head.value_width + first + v * kLanes);
    }
  }
}

template <int kCount>
void attend_heads(const CachedEntries& entries,
                  int64_t positions,
                  const CachedHead& head,
                  const float* q,
                  float* scores,
                  float* o) {
  for (int64_t position = 0; position < positions; position += kKeys) {
    score_keys<kCount>(
        entries, position, std::min(kKeys, positions - position), head, q, scores, positions);
  }
  float inverse[kCount];
  for (int64_t h = 0; h < kCount; ++h) {
    float* const row = scores + h * positions;
    const float peak = *std::max_element(row, row + positions);
    inverse[h] = 1.0F / exponentiate(row, positions, positions, peak);
  }
  constexpr int kWide = 4;
  int64_t u = 0;
  for (; u + kWide * kLanes <= head.value_width; u += kWide * kLanes) {
    mix<kCount, kWide>(entries, positions, head, scores, u, o);
  }
  for (; u + kLanes <= head.value_width; u += kLanes) {
    mix<kCount, 1>(entries, positions, head, scores, u, o);
  }
  for (; u < head.value_width; ++u) {
    for (int64_t h = 0; h < kCount; ++h) {
      float sum = 0;
      for (int64_t position = 0; position < positions; ++position) {
        sum += scores[h * positions + position] * entries[position][head.value_offset + u];
      }
      o[h * head.value_width + u] = sum;
    }
  }
  for (int64_t h = 0; h < kCount; ++h) {
    for (int64_t i = 0; i < head.value_width; ++i) {
      o[h * head.value_width + i] *= inverse[h];
    }
  }
}

}  // namespace

void attend_cached(const CachedEntries& entries,
                   int64_t positions,
                   const CachedHead& head,
                   int64_t heads,
                   const float* q,
                   float* o,
                   AlignedFloats& scores) {
  scores.resize(std::max(scores.size(), static_cast<std::size_t>(kHeads * positions)));
  int64_t h = 0;
  for (; h + kHeads <= heads; h += kHeads) {
    attend_heads<kHeads>(
        entries, positions, head, q + h * head.key_width, scores.data(), o + h * head.value_width);
  }
  for (; h < heads; ++h) {
    attend_heads<1>(
        entries, positions, head, q + h * head.key_width, scores.data(), o + h * head.value_width);
  }
}

}  // namespace rq::kernels::cpu
