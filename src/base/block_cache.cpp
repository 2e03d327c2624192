#include "base/block_cache.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <new>

namespace rq {

BlockCache::~BlockCache() {
  clear();
}

void BlockCache::clear() {
  const std::scoped_lock lock(mutex_);
  for (const Block& block : idle_) {
    ::munmap(block.address, block.bytes);
  }
  idle_.clear();
  idle_bytes_ = 0;
  most_used_bytes_ = used_bytes_;
}

void* BlockCache::take(std::size_t bytes) {
  const std::size_t size = size_class(bytes);
  {
    const std::scoped_lock lock(mutex_);
    used_bytes_ += size;
    most_used_bytes_ = std::max(most_used_bytes_, used_bytes_);
    const auto last =
        std::ranges::find(idle_.rbegin(), idle_.rend(), size, &Block::bytes);  // its pages are warm
    if (last != idle_.rend()) {
      void* const address = last->address;
      idle_bytes_ -= size;
      idle_.erase(std::next(last).base());
      return address;
    }
  }
  void* const address =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) {
    const std::scoped_lock lock(mutex_);
    used_bytes_ -= size;
    throw std::bad_alloc();
  }
  return address;
}

void BlockCache::give(void* block, std::size_t bytes) {
  const std::size_t size = size_class(bytes);
  const std::scoped_lock lock(mutex_);
  used_bytes_ -= size;
  idle_bytes_ += size;
  idle_.push_back({block, size});
  const auto share =
      static_cast<std::size_t>(config_.idle_share * static_cast<double>(most_used_bytes_));
  const std::size_t limit = std::max(config_.idle_bytes, share);
  auto kept = idle_.begin();
  for (; idle_bytes_ > limit; ++kept) {
    ::munmap(kept->address, kept->bytes);
    idle_bytes_ -= kept->bytes;
  }
  idle_.erase(idle_.begin(), kept);
}

std::size_t BlockCache::idle_bytes() const {
  const std::scoped_lock lock(mutex_);
  return idle_bytes_;
}

std::size_t BlockCache::used_bytes() const {
  const std::scoped_lock lock(mutex_);
  return used_bytes_;
}

std::size_t BlockCache::size_class(std::size_t bytes) {
  constexpr std::size_t kPage = 4096, kEighths = 8;
  const std::size_t step = std::max(kPage, std::bit_floor(bytes) / kEighths);
  return (bytes + step - 1) / step * step;
}

}  // namespace rq
