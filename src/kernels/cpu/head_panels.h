#pragma once
// Attention of the many tokens of a prompt: the keys and values of one head are laid out once for
// products with few rows, whether they are taken from the cache or expanded from latents. As in
// cached_attention.h, a query's result is a function of itself and of what it sees.

#include <cstdint>

#include "kernels/cpu/aligned.h"
#include "kernels/cpu/cached_attention.h"
#include "kernels/cpu/packed_matrix.h"

namespace rq::kernels::cpu {

// Keys and values of one head at the positions [0, count), laid out for the many queries of a
// prompt.
struct HeadPanels {
  std::int64_t count = 0;
  std::int64_t key_width = 0, value_width = 0;  // W, U
  AlignedFloats keys;                           // [ceil(count / kPanel), W, kPanel]
  AlignedFloats values;                         // [ceil(U / kPanel), count, kPanel]

  // Taken from the entries as they are.
  void take(const CachedEntries& entries, std::int64_t positions, const CachedHead& head);
  // Expanded from latents (DeepSeek-V3 §2.1.1, eqs. 2 to 5): entries are the latent [R] and the
  // rotary key [P]; kv_up [N + U, R] gives the key without position, then the value; W = N + P.
  void expand(const CachedEntries& entries,
              std::int64_t positions,
              const PackedMatrix& kv_up,
              std::int64_t nope_width);

 private:
  void resize(std::int64_t positions, std::int64_t new_key_width, std::int64_t new_value_width);
};

// o[i] of the queries at positions first + i, i < rows <= kMostRows, each of which sees the
// positions up to its own: q[i] [W] -> o[i] [U].
void attend_panels(const HeadPanels& panels,
                   std::int64_t first,
                   std::int64_t rows,
                   float scale,
                   const float* const* q,
                   float* const* o);

}  // namespace rq::kernels::cpu
