#include "kernels/cpu/head_panels.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "kernels/cpu/packed_matrix.h"
#include "kernels/cpu/softmax_row.h"
#include "kernels/cpu/vector_math.h"

namespace rq::kernels::cpu {
namespace {

using std::int64_t;

constexpr int64_t kKeyTile = 4 * kPanel;

// Some queries on their way over the keys, tile by tile: the softmax so far, with the outputs kept
// unnormalised.
struct QueryBlock {
  const HeadPanels& panels;
  int64_t first, rows;  // positions of the queries
  float scale;
  const float* const* q;
  float* const* o;
  float scores[kMostRows][kKeyTile] = {};
  float peak[kMostRows] = {}, sum[kMostRows] = {}, shrink[kMostRows] = {};

  // scores = scale * q . k for the tile of `keys` keys from `key` on.
  void score(int64_t key, int64_t keys) {
    for (int64_t part = 0; part < keys; part += kPanel) {
      Tile tile;
      multiply_tile(
          q, rows, panels.keys.data() + (key + part) * panels.key_width, panels.key_width, tile);
      for (int64_t i = 0; i < rows; ++i) {
        std::transform(
            tile[i], tile[i] + kPanel, scores[i] + part, [this](float dot) { return scale * dot; });
      }
    }
  }

  // Turns the scores into weights, and says how much the outputs so far shrink.
  void weigh(int64_t key, int64_t keys) {
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t seen = std::clamp<int64_t>(first + i + 1 - key, 0, keys);
      const float before = key == 0 ? -INFINITY : peak[i];
      peak[i] = std::accumulate(
          scores[i], scores[i] + seen, before, [](float a, float b) { return std::max(a, b); });
      shrink[i] = key == 0 ? 0.0F : fast_exp(before - peak[i]);
      sum[i] = sum[i] * shrink[i] + exponentiate(scores[i], seen, keys, peak[i]);
    }
  }

  // o = o * shrink + weights * values.
  void mix(int64_t key, int64_t keys) {
    const float* weights[kMostRows];
    for (int64_t i = 0; i < rows; ++i) {
      weights[i] = scores[i];
    }
    for (int64_t u = 0; u < panels.value_width; u += kPanel) {
      Tile tile;
      multiply_tile(
          weights, rows, panels.values.data() + u * panels.count + key * kPanel, keys, tile);
      const int64_t columns = std::min(kPanel, panels.value_width - u);
      for (int64_t i = 0; i < rows; ++i) {
        std::transform(o[i] + u, o[i] + u + columns, tile[i], o[i] + u, [&](float a, float b) {
          return a * shrink[i] + b;
        });
      }
    }
  }
};

}  // namespace

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
  QueryBlock block{.panels = panels, .first = first, .rows = rows, .scale = scale, .q = q, .o = o};
  for (int64_t i = 0; i < rows; ++i) {
    std::fill_n(o[i], panels.value_width, 0.0F);
  }
  const int64_t end = first + rows;  // of what the last query sees
  for (int64_t key = 0; key < end; key += kKeyTile) {
    const int64_t keys = std::min(kKeyTile, end - key);
    block.score(key, keys);
    block.weigh(key, keys);
    block.mix(key, keys);
  }
  for (int64_t i = 0; i < rows; ++i) {
    const float inverse = 1.0F / block.sum[i];
    for (int64_t u = 0; u < panels.value_width; ++u) {
      o[i][u] *= inverse;
    }
  }
}

}  // namespace rq::kernels::cpu
