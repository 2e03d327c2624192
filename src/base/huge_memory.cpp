#include "base/huge_memory.h"

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <mutex>
#include <new>

namespace rq {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kSlab = 32 * kHugePage;
constexpr std::size_t kLeast = std::size_t{64} << 10;  // smaller blocks are ordinary memory
constexpr std::size_t kMost = kSlab / 4;               // larger ones have pages of their own
constexpr std::size_t kLine = 64;

std::size_t rounded(std::size_t bytes, std::size_t to) {
  return (bytes + to - 1) / to * to;
}

// Fresh zeros that begin on a huge page.
std::byte* map_pages(std::size_t bytes) {
  void* const raw = ::mmap(nullptr,
                           bytes + kHugePage,
                           PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                           -1,
                           0);
  if (raw == MAP_FAILED) {
    throw std::bad_alloc();
  }
  auto* const first = static_cast<std::byte*>(raw);
  const std::size_t lead = rounded(reinterpret_cast<std::uintptr_t>(first), kHugePage) -
                           reinterpret_cast<std::uintptr_t>(first);
  if (lead > 0) {
    ::munmap(first, lead);
  }
  if (lead < kHugePage) {
    ::munmap(first + lead + bytes, kHugePage - lead);
  }
  ::madvise(first + lead, bytes, MADV_HUGEPAGE);  // where there are none, small ones do as well
  return first + lead;
}

// Blocks side by side in slabs; a slab goes when its last block does.
class Slabs {
 public:
  void* allocate(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (current_ == nullptr || used_ + bytes > kSlab) {
      current_ = map_pages(kSlab);
      used_ = 0;
      blocks_[current_] = 0;
    }
    std::byte* const block = current_ + used_;
    used_ += bytes;
    ++blocks_[current_];
    return block;
  }

  void free(std::byte* block) {
    const std::lock_guard lock(mutex_);
    const auto slab = std::prev(blocks_.upper_bound(block));
    if (--slab->second == 0) {
      if (slab->first == current_) {
        current_ = nullptr;
      }
      ::munmap(slab->first, kSlab);
      blocks_.erase(slab);
    }
  }

 private:
  std::mutex mutex_;
  std::byte* current_ = nullptr;
  std::size_t used_ = 0;
  std::map<std::byte*, std::size_t> blocks_;  // of each slab, by its first byte
};

Slabs& slabs() {
  static auto* const all = new Slabs;  // outlives every vector that is static
  return *all;
}

}  // namespace

void* allocate_huge(std::size_t bytes) {
  if (bytes < kLeast) {
    void* const block = ::operator new(rounded(bytes, kLine), std::align_val_t{kLine});
    return std::memset(block, 0, bytes);
  }
  return bytes <= kMost ? slabs().allocate(rounded(bytes, kLine))
                        : map_pages(rounded(bytes, kHugePage));
}

void free_huge(void* block, std::size_t bytes) {
  if (bytes < kLeast) {
    ::operator delete(block, std::align_val_t{kLine});
  } else if (bytes <= kMost) {
    slabs().free(static_cast<std::byte*>(block));
  } else {
    ::munmap(block, rounded(bytes, kHugePage));
  }
}

}  // namespace rq
