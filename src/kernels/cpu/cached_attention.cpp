#include "kernels/cpu/cached_attention.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#include "kernels/cpu/packed_matrix.h"
#include "kernels/cpu/softmax_row.h"
#include "kernels/cpu/vector_math.h"

namespace rq::kernels::cpu {
namespace {

using std::int64_t;

constexpr int kLanes = 16;
constexpr int kHeads = 4;     // query heads that are held in registers together
constexpr int64_t kKeys = 4;  // and keys
typedef float Vector __attribute__((vector_size(kLanes * sizeof(float)), aligned(4)));

Vector load(const float* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

void store(Vector vector, float* to) {
  std::memcpy(to, &vector, sizeof vector);
}

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
  Vector sum[kLanes];
  for (Vector& each : sum) {
    each = Vector{};
  }
  for (int64_t w = 0; w < whole; w += kLanes) {
    Vector query[kCount];
    for (int h = 0; h < kCount; ++h) {
      query[h] = load(q + h * head.key_width + w);
    }
    for (int i = 0; i < kKeys; ++i) {
      const Vector part = load(key[i] + w);
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
  for (auto& row : sum) {
    for (Vector& each : row) {
      each = Vector{};
    }
  }
  for (int64_t position = 0; position < positions; ++position) {
    const float* const value = entries[position] + head.value_offset + first;
    for (int64_t v = 0; v < kVectors; ++v) {
      const Vector part = load(value + v * kLanes);
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

void HeadPanels::resize(int64_t positions, int64_t new_key_width, int64_t new_value_width) {
  count = positions;
  key_width = new_key_width;
  value_width = new_value_width;
  const auto panels = [](int64_t size) { return (size + kPanel - 1) / kPanel; };
  const auto grow = [](AlignedFloats& floats, int64_t size) {
    floats.resize(std::max(floats.size(), static_cast<std::size_t>(size)));
  };
  grow(keys, panels(count) * key_width * kPanel);
  grow(values, panels(value_width) * count * kPanel);
}

void HeadPanels::take(const CachedEntries& entries, int64_t positions, const CachedHead& head) {
  resize(positions, head.key_width, head.value_width);
  for (int64_t position = 0; position < positions; ++position) {
    const float* const entry = entries[position];
    float* const key = keys.data() + position / kPanel * key_width * kPanel + position % kPanel;
    for (int64_t w = 0; w < key_width; ++w) {
      key[w * kPanel] = entry[head.key_offset + w];
    }
    float* const value = values.data() + position * kPanel;
    for (int64_t u = 0; u < value_width; ++u) {
      value[u / kPanel * count * kPanel + u % kPanel] = entry[head.value_offset + u];
    }
  }
}

void HeadPanels::expand(const CachedEntries& entries,
                        int64_t positions,
                        const PackedMatrix& kv_up,
                        int64_t nope_width) {
  const int64_t rank = kv_up.inner, rope_width = entries.width - rank;
  resize(positions, nope_width + rope_width, kv_up.outputs - nope_width);
  for (int64_t first = 0; first < positions; first += kMostRows) {
    const int64_t rows = std::min(kMostRows, positions - first);
    const float* latents[kMostRows];
    for (int64_t i = 0; i < rows; ++i) {
      latents[i] = entries[first + i];
    }
    const auto key_of = [&](int64_t i) {
      const int64_t position = first + i;
      return keys.data() + position / kPanel * key_width * kPanel + position % kPanel;
    };
    for (int64_t panel = 0; panel < kv_up.panel_count(); ++panel) {
      Tile tile;
      multiply_tile(latents, rows, kv_up.panels.data() + panel * rank * kPanel, rank, tile);
      const int64_t begin = panel * kPanel, end = std::min(begin + kPanel, kv_up.outputs);
      for (int64_t i = 0; i < rows; ++i) {
        float* const key = key_of(i);
        for (int64_t n = begin; n < std::min(end, nope_width); ++n) {
          key[n * kPanel] = tile[i][n - begin];
        }
        float* const value = values.data() + (first + i) * kPanel;
        for (int64_t n = std::max(begin, nope_width); n < end; ++n) {
          const int64_t u = n - nope_width;
          value[u / kPanel * count * kPanel + u % kPanel] = tile[i][n - begin];
        }
      }
    }
    for (int64_t i = 0; i < rows; ++i) {
      float* const key = key_of(i);
      for (int64_t p = 0; p < rope_width; ++p) {
        key[(nope_width + p) * kPanel] = latents[i][rank + p];
      }
    }
  }
}

void attend_panels(const HeadPanels& panels,
                   int64_t first,
                   int64_t rows,
                   float scale,
                   const float* const* q,
                   float* const* o) {
  constexpr int64_t kKeyTile = 4 * kPanel;
  float scores[kMostRows][kKeyTile];
  const float* weights[kMostRows];
  float peak[kMostRows], sum[kMostRows], shrink[kMostRows];
  for (int64_t i = 0; i < rows; ++i) {
    weights[i] = scores[i];
    peak[i] = -INFINITY;
    sum[i] = 0;
    std::fill_n(o[i], panels.value_width, 0.0F);
  }
  const int64_t end = first + rows;  // of what the last query sees
  Tile tile;
  for (int64_t key = 0; key < end; key += kKeyTile) {
    const int64_t keys = std::min(kKeyTile, end - key);
    for (int64_t part = 0; part < keys; part += kPanel) {
      const float* const panel = panels.keys.data() + (key + part) * panels.key_width;
      multiply_tile(q, rows, panel, panels.key_width, tile);
      for (int64_t i = 0; i < rows; ++i) {
        for (int64_t n = 0; n < kPanel; ++n) {
          scores[i][part + n] = scale * tile[i][n];
        }
      }
    }
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t seen = std::clamp<int64_t>(first + i + 1 - key, 0, keys);
      const float before = peak[i];
      peak[i] =
          std::max(before, *std::max_element(scores[i], scores[i] + std::max<int64_t>(seen, 1)));
      peak[i] = seen == 0 ? before : peak[i];
      shrink[i] = key == 0 ? 0.0F : fast_exp(before - peak[i]);
      sum[i] = sum[i] * shrink[i] + exponentiate(scores[i], seen, keys, peak[i]);
    }
    for (int64_t u = 0; u < panels.value_width; u += kPanel) {
      multiply_tile(
          weights, rows, panels.values.data() + u * panels.count + key * kPanel, keys, tile);
      const int64_t columns = std::min(kPanel, panels.value_width - u);
      for (int64_t i = 0; i < rows; ++i) {
        for (int64_t n = 0; n < columns; ++n) {
          o[i][u + n] = o[i][u + n] * shrink[i] + tile[i][n];
        }
      }
    }
  }
  for (int64_t i = 0; i < rows; ++i) {
    const float inverse = 1.0F / sum[i];
    for (int64_t u = 0; u < panels.value_width; ++u) {
      o[i][u] *= inverse;
    }
  }
}

}  // namespace rq::kernels::cpu
