#include "kernels/cpu/attention.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/cpu/softmax_row.h"
#include "kernels/cpu/vector_math.h"

// BLAS from libtorch (MKL on x86). Called inside a parallel region it works on one thread, which is
// what the tiles want.
extern "C" void sgemm_(const char* trans_a,
                       const char* trans_b,
                       const int* m,
                       const int* n,
                       const int* k,
                       const float* alpha,
                       const float* a,
                       const int* lda,
                       const float* b,
                       const int* ldb,
                       const float* beta,
                       float* c,
                       const int* ldc);

namespace rq::kernels::cpu {
namespace {

using std::int64_t;

// Queries and keys of a tile: scores of 64 x 256 floats stay in the second-level cache with the
// rows they come from.
constexpr int64_t kQueryTile = 64;
constexpr int64_t kKeyTile = 256;

enum class Transpose { kNo, kYes };

struct Gemm {
  int64_t m, n, k;  // C is [m, n], the sum runs over k
  float alpha;
  float beta;
};

// Row-major C = alpha * op(A) op(B) + beta * C: column-major BLAS sees the transposes, so the
// operands change places.
void multiply(
    const Gemm& size, Transpose trans_a, Matrix a, Transpose trans_b, Matrix b, MutableMatrix c) {
  const int m = static_cast<int>(size.m), n = static_cast<int>(size.n),
            k = static_cast<int>(size.k);
  const int lda = static_cast<int>(a.stride), ldb = static_cast<int>(b.stride),
            ldc = static_cast<int>(c.stride);
  const char* const flag_a = trans_a == Transpose::kYes ? "T" : "N";
  const char* const flag_b = trans_b == Transpose::kYes ? "T" : "N";
  sgemm_(flag_b,
         flag_a,
         &n,
         &m,
         &k,
         &size.alpha,
         b.data,
         &ldb,
         a.data,
         &lda,
         &size.beta,
         c.data,
         &ldc);
}

Matrix row(Matrix x, int64_t first) {
  return {x.data + first * x.stride, x.stride};
}
MutableMatrix row(MutableMatrix x, int64_t first) {
  return {x.data + first * x.stride, x.stride};
}
Matrix view(const std::vector<float>& tile, int64_t stride) {
  return {tile.data(), stride};
}

// A tile of query rows [first, first + count) against key rows [key, key + keys).
struct Tile {
  int64_t first, count, key, keys;
};

// Calls visit(tile) for every tile that the causal mask leaves, keys ascending within a query tile.
template <typename Visit>
void each_key_tile(const AttentionShape& shape, int64_t first, const Visit& visit) {
  const int64_t offset = shape.keys - shape.queries;
  const int64_t count = std::min(kQueryTile, shape.queries - first);
  const int64_t seen = offset + first + count;  // keys that the last query of the tile sees
  for (int64_t key = 0; key < seen; key += kKeyTile) {
    visit(Tile{first, count, key, std::min(kKeyTile, seen - key)});
  }
}

// Keys of the tile that query row i of it sees.
int64_t seen_keys(const AttentionShape& shape, const Tile& tile, int64_t i) {
  const int64_t position = shape.keys - shape.queries + tile.first + i;
  return std::clamp<int64_t>(position + 1 - tile.key, 0, tile.keys);
}

// The running softmax of one query tile: its peak and sum so far, with the outputs kept
// unnormalised.
struct RunningSoftmax {
  float peak[kQueryTile];
  float sum[kQueryTile];
};

void add_tile(const AttentionShape& shape,
              const Tile& tile,
              float* scores,
              RunningSoftmax& running,
              MutableMatrix o) {
  for (int64_t i = 0; i < tile.count; ++i) {
    float* const s = scores + i * kKeyTile;
    const int64_t seen = seen_keys(shape, tile, i);
    const float peak =
        seen == 0 ? running.peak[i] : std::max(running.peak[i], *std::max_element(s, s + seen));
    const float shrink = tile.key == 0 ? 0.0F : fast_exp(running.peak[i] - peak);
    running.sum[i] = running.sum[i] * shrink + exponentiate(s, seen, tile.keys, peak);
    running.peak[i] = peak;
    float* const out = o.data + i * o.stride;
    for (int64_t u = 0; u < shape.value_width; ++u) {
      out[u] = tile.key == 0 ? 0.0F : out[u] * shrink;
    }
  }
}

}  // namespace

void attention(
    const AttentionShape& shape, Matrix q, Matrix k, Matrix v, MutableMatrix o, float* lse) {
  std::vector<float> scores(kQueryTile * kKeyTile);
  for (int64_t first = 0; first < shape.queries; first += kQueryTile) {
    RunningSoftmax running;
    std::fill(running.peak, running.peak + kQueryTile, -INFINITY);
    std::fill(running.sum, running.sum + kQueryTile, 0.0F);
    const MutableMatrix out = row(o, first);
    each_key_tile(shape, first, [&](const Tile& tile) {
      multiply({tile.count, tile.keys, shape.key_width, shape.scale, 0.0F},
               Transpose::kNo,
               row(q, tile.first),
               Transpose::kYes,
               row(k, tile.key),
               {scores.data(), kKeyTile});
      add_tile(shape, tile, scores.data(), running, out);
      multiply({tile.count, shape.value_width, tile.keys, 1.0F, 1.0F},
               Transpose::kNo,
               view(scores, kKeyTile),
               Transpose::kNo,
               row(v, tile.key),
               out);
    });
    const int64_t count = std::min(kQueryTile, shape.queries - first);
    for (int64_t i = 0; i < count; ++i) {
      const float inverse = 1.0F / running.sum[i];
      float* const y = out.data + i * out.stride;
      for (int64_t u = 0; u < shape.value_width; ++u) {
        y[u] *= inverse;
      }
      lse[first + i] = running.peak[i] + std::log(running.sum[i]);
    }
  }
}

void attention_backward(const AttentionShape& shape, const AttentionBackward& io) {
  std::vector<float> weights(kQueryTile * kKeyTile), d_scores(kQueryTile * kKeyTile);
  float delta[kQueryTile];  // sum_u d_o[i,u] o[i,u], which is sum_j of weight times its gradient
  for (int64_t first = 0; first < shape.queries; first += kQueryTile) {
    const int64_t count = std::min(kQueryTile, shape.queries - first);
    for (int64_t i = 0; i < count; ++i) {
      const float* const o = io.o.data + (first + i) * io.o.stride;
      const float* const d_o = io.d_o.data + (first + i) * io.d_o.stride;
      delta[i] = 0;
      for (int64_t u = 0; u < shape.value_width; ++u) {
        delta[i] += o[u] * d_o[u];
      }
    }
    each_key_tile(shape, first, [&](const Tile& tile) {
      const Matrix q = row(io.q, first), d_o = row(io.d_o, first), k = row(io.k, tile.key);
      multiply({count, tile.keys, shape.key_width, shape.scale, 0.0F},
               Transpose::kNo,
               q,
               Transpose::kYes,
               k,
               {weights.data(), kKeyTile});
      multiply({count, tile.keys, shape.value_width, 1.0F, 0.0F},
               Transpose::kNo,
               d_o,
               Transpose::kYes,
               row(io.v, tile.key),
               {d_scores.data(), kKeyTile});
      for (int64_t i = 0; i < count; ++i) {
        float* const w = weights.data() + i * kKeyTile;
        float* const d = d_scores.data() + i * kKeyTile;
        const int64_t seen = seen_keys(shape, tile, i);
        const float lse = io.lse[first + i];
        for (int64_t j = 0; j < seen; ++j) {
          w[j] = fast_exp(w[j] - lse);
          d[j] = w[j] * (d[j] - delta[i]);
        }
        std::fill(w + seen, w + tile.keys, 0.0F);
        std::fill(d + seen, d + tile.keys, 0.0F);
      }
      const Matrix p = view(weights, kKeyTile), ds = view(d_scores, kKeyTile);
      multiply({tile.keys, shape.value_width, count, 1.0F, 1.0F},
               Transpose::kYes,
               p,
               Transpose::kNo,
               d_o,
               row(io.d_v, tile.key));
      multiply({tile.keys, shape.key_width, count, shape.scale, 1.0F},
               Transpose::kYes,
               ds,
               Transpose::kNo,
               q,
               row(io.d_k, tile.key));
      const float keep = tile.key == 0 ? 0.0F : 1.0F;
      multiply({count, shape.key_width, tile.keys, shape.scale, keep},
               Transpose::kNo,
               ds,
               Transpose::kNo,
               k,
               row(io.d_q, first));
    });
  }
}

}  // namespace rq::kernels::cpu
