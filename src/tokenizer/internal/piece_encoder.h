#pragma once
// Pieces to tokens: byte pairs merged in the order of their ranks, leftmost first.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tokenizer/internal/bpe_model.h"
#include "tokenizer/internal/word_cache.h"

namespace rq::tokenizer {

// One thread at a time; the model must outlive it.
class PieceEncoder {
 public:
  explicit PieceEncoder(const BpeModel& model) : model_(model) {}

  // Appends the tokens of one piece (not empty) of the pre-tokenizer.
  void encode(std::string_view piece, std::vector<std::int32_t>& out) {
    if (piece.size() > WordCache::kMaxBytes) {
      encode_afresh(piece, out);
      return;
    }
    const WordCache::Key key = WordCache::key_of(piece);
    WordCache::Entry& entry = cache_.slot(key);
    if (entry.key == key) [[likely]] {
      if (entry.tokens[1] < 0) [[likely]] {
        out.push_back(entry.tokens[0]);
      } else {
        out.insert(out.end(),
                   entry.tokens.begin(),
                   entry.tokens.begin() + static_cast<std::ptrdiff_t>(entry.count()));
      }
      return;
    }
    encode_and_keep(piece, key, entry, out);
  }

 private:
  void encode_afresh(std::string_view piece, std::vector<std::int32_t>& out);
  void encode_and_keep(std::string_view piece,
                       const WordCache::Key& key,
                       WordCache::Entry& entry,
                       std::vector<std::int32_t>& out);
  // Merge what is in tokens_, and append the result. The first looks at all pairs each time (n^2,
  // small pieces); the second keeps them in a heap (n log n).
  void merge_by_scan(std::vector<std::int32_t>& out);
  void merge_by_heap(std::vector<std::int32_t>& out);

  const BpeModel& model_;
  WordCache cache_;
  std::vector<std::int32_t> tokens_, merged_;
  std::vector<std::uint32_t> ranks_, next_, previous_;
  std::vector<std::uint64_t> heap_;
};

}  // namespace rq::tokenizer
