#include "tokenizer/internal/piece_encoder.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace rq::tokenizer {
namespace {

constexpr std::size_t kScanTokens = 96;  // above this the heap is faster
constexpr std::uint32_t kNone = MergeTable::kNone;

}  // namespace

void PieceEncoder::encode_afresh(std::string_view piece, std::vector<std::int32_t>& out) {
  if (model_.ignores_merges()) {
    if (const auto token = model_.find(piece)) {
      out.push_back(*token);
      return;
    }
  }
  tokens_.clear();
  model_.append_bytes(piece, tokens_);
  if (tokens_.size() <= kScanTokens) {
    merge_by_scan(out);
  } else {
    merge_by_heap(out);
  }
}

void PieceEncoder::encode_and_keep(std::string_view piece,
                                   const WordCache::Key& key,
                                   WordCache::Entry& entry,
                                   std::vector<std::int32_t>& out) {
  const std::size_t before = out.size();
  encode_afresh(piece, out);
  const std::size_t count = out.size() - before;
  if (count >= 1 && count <= WordCache::kMaxTokens) {
    entry.key = key;
    entry.tokens.fill(-1);
    std::copy_n(out.end() - static_cast<std::ptrdiff_t>(count), count, entry.tokens.begin());
  }
}

void PieceEncoder::merge_by_scan(std::vector<std::int32_t>& out) {
  const MergeTable& table = model_.merges();
  std::size_t count = tokens_.size();
  ranks_.assign(count + 1, kNone);
  merged_.resize(count + 1);
  const auto look = [&](std::size_t i) {
    const auto found = table.find(tokens_[i], tokens_[i + 1]);
    ranks_[i] = found.rank;
    merged_[i] = found.token;
  };
  for (std::size_t i = 0; i + 1 < count; ++i) {
    look(i);
  }
  while (count > 1) {
    std::size_t best = 0;
    std::uint32_t best_rank = ranks_[0];
    for (std::size_t i = 1; i + 1 < count; ++i) {
      const bool is_better = ranks_[i] < best_rank;
      best = is_better ? i : best;
      best_rank = is_better ? ranks_[i] : best_rank;
    }
    if (best_rank == kNone) {
      break;
    }
    tokens_[best] = merged_[best];
    for (std::size_t i = best + 1; i + 1 < count; ++i) {
      tokens_[i] = tokens_[i + 1];
      ranks_[i] = ranks_[i + 1];
      merged_[i] = merged_[i + 1];
    }
    --count;
    if (best + 1 < count) {
      look(best);
    } else {
      ranks_[best] = kNone;
    }
    if (best > 0) {
      look(best - 1);
    }
  }
  out.insert(out.end(), tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(count));
}

// Tokens form a list; ranks_[i] is that of i's token with the next, so a heap entry (rank,
// position) counts only while it agrees.
void PieceEncoder::merge_by_heap(std::vector<std::int32_t>& out) {
  const MergeTable& table = model_.merges();
  const auto count = static_cast<std::uint32_t>(tokens_.size());
  ranks_.assign(count, kNone);
  merged_.resize(count);
  next_.resize(count);
  previous_.resize(count);
  heap_.clear();
  const auto look = [&](std::uint32_t i) {
    const auto found = table.find(tokens_[i], tokens_[next_[i]]);
    ranks_[i] = found.rank;
    merged_[i] = found.token;
    if (found.rank != kNone) {
      heap_.push_back(static_cast<std::uint64_t>(found.rank) << 32 | i);
      return true;
    }
    return false;
  };
  const auto look_and_sift = [&](std::uint32_t i) {
    if (look(i)) {
      std::ranges::push_heap(heap_, std::greater<>());
    }
  };
  for (std::uint32_t i = 0; i < count; ++i) {
    next_[i] = i + 1;
    previous_[i] = i - 1;
    if (i + 1 < count) {
      look(i);
    }
  }
  std::ranges::make_heap(heap_, std::greater<>());
  while (!heap_.empty()) {
    std::ranges::pop_heap(heap_, std::greater<>());
    const std::uint64_t top = heap_.back();
    heap_.pop_back();
    const auto at = static_cast<std::uint32_t>(top);
    if (ranks_[at] != top >> 32) {
      continue;
    }
    const std::uint32_t gone = next_[at];
    tokens_[at] = merged_[at];
    next_[at] = next_[gone];
    ranks_[at] = ranks_[gone] = kNone;
    if (next_[at] < count) {
      previous_[next_[at]] = at;
      look_and_sift(at);
    }
    if (at > 0) {
      look_and_sift(previous_[at]);
    }
  }
  for (std::uint32_t i = 0; i < count; i = next_[i]) {
    out.push_back(tokens_[i]);
  }
}

}  // namespace rq::tokenizer
