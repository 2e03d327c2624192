#pragma once
// Large blocks of memory, kept for a while after they are freed.
//
// A training step asks for the same few hundred large blocks again and again. The system hands out
// new pages slowly (each is cleared and mapped: a third of a step's time); glibc keeps freed blocks
// in pieces that another length of sequence cannot use, up to twice what is needed. Here a freed
// block serves the next request of its size class, and what lies idle is bounded by a share of the
// most that was ever in use, so the memory of a process grows as its tensors do.

#include <cstddef>
#include <mutex>
#include <vector>

namespace rq {

struct BlockCacheConfig {
  std::size_t idle_bytes = std::size_t{16} << 20;  // may always lie idle
  double idle_share =
      0.25;  // of the most bytes that were in use at once; the larger of the two holds
};

// Any thread may call any function.
class BlockCache {
 public:
  explicit BlockCache(const BlockCacheConfig& config = {}) : config_(config) {}
  ~BlockCache();
  BlockCache(const BlockCache&) = delete;
  BlockCache& operator=(const BlockCache&) = delete;

  // A block of at least `bytes`, aligned to a page, its contents undefined; throws std::bad_alloc.
  void* take(std::size_t bytes);

  // Gives back what take(bytes) returned.
  void give(void* block, std::size_t bytes);

  // Gives back to the system what lies idle, and forgets how much was ever in use.
  void clear();

  std::size_t idle_bytes() const;
  std::size_t used_bytes() const;

  // The size that a block for `bytes` has: at most an eighth more, rounded to eighths of a power of
  // two, so that requests of nearly one size share their blocks.
  static std::size_t size_class(std::size_t bytes);

 private:
  struct Block {
    void* address;
    std::size_t bytes;
  };

  BlockCacheConfig config_;
  mutable std::mutex mutex_;  // of all below
  std::vector<Block> idle_;   // oldest first
  std::size_t idle_bytes_ = 0;
  std::size_t used_bytes_ = 0;
  std::size_t most_used_bytes_ = 0;
};

}  // namespace rq
