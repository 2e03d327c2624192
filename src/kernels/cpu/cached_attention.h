#pragma once
// Attention of a few tokens over what is remembered of their sequence, which stands in pages. Every
// result is a function of its own query and of the entries it sees: neither the other queries of
// the call nor the size of the pages changes a bit of it. Pointers and sizes only.

#include <cstdint>

#include "kernels/cpu/aligned.h"

namespace rq::kernels::cpu {

constexpr std::int64_t kPageTokens = 16;  // positions on a page

// What one layer remembers of one sequence: an entry of `width` floats a position.
struct CachedEntries {
  float* layer;               // the layer's part of page 0
  std::int64_t page_stride;   // floats from a page to the next
  const std::int32_t* pages;  // the sequence's pages, in order
  std::int64_t width;

  float* operator[](std::int64_t position) const {
    const auto at = static_cast<std::uint64_t>(position);
    return layer + pages[at / kPageTokens] * page_stride +
           static_cast<std::int64_t>(at % kPageTokens) * width;
  }
};

// Where keys and values stand in an entry, for the query heads that share them.
struct CachedHead {
  std::int64_t key_offset, key_width;      // W
  std::int64_t value_offset, value_width;  // U
  float scale;                             // of q . k before the softmax
};

// One token's `heads` queries over the entries [0, positions): q [heads, W] -> o [heads, U].
// `scores` is scratch.
void attend_cached(const CachedEntries& entries,
                   std::int64_t positions,
                   const CachedHead& head,
                   std::int64_t heads,
                   const float* q,
                   float* o,
                   AlignedFloats& scores);

}  // namespace rq::kernels::cpu
