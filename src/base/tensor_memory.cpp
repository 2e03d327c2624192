#include "base/tensor_memory.h"

#include <malloc.h>

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

#include "base/block_cache.h"

namespace rq {
namespace {

constexpr std::size_t kLarge_bytes = std::size_t{1} << 20;

// A large block begins with its size, for a deleter is told an address alone; a line of the cache
// keeps the tensor aligned as torch's own are.
constexpr std::size_t kHead_bytes = 64;
static_assert(kHead_bytes % c10::gAlignment == 0, "a tensor behind the head must be aligned");

// Lives as long as the process: tensors in static variables are freed after main.
BlockCache& blocks() {
  static BlockCache& cache = *new BlockCache;
  return cache;
}

void free_small(void* data) {
  c10::free_cpu(data);
}

void give_large(void* data) {
  void* const block = static_cast<char*>(data) - kHead_bytes;
  blocks().give(block, *static_cast<std::size_t*>(block));
}

class TensorMemory final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) override {
    if (bytes < kLarge_bytes) {
      void* const data = c10::alloc_cpu(bytes);
      return {data, data, &free_small, c10::Device(c10::kCPU)};
    }
    void* const block = blocks().take(bytes + kHead_bytes);
    *static_cast<std::size_t*>(block) = bytes + kHead_bytes;
    void* const data = static_cast<char*>(block) + kHead_bytes;
    return {data, data, &give_large, c10::Device(c10::kCPU)};
  }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }
};

}  // namespace

void cache_tensor_memory() {
  static TensorMemory memory;
  c10::SetCPUAllocator(&memory, /*priority=*/1);
}

void release_idle_memory() {
  blocks().clear();
  ::malloc_trim(0);
}

}  // namespace rq
