#pragma once
// Memory on huge pages, where the system has them: weights that every step reads from end to end
// cost a table walk every 4 KiB otherwise, a sixth of the time of a step. Any thread.

#include <cstddef>
#include <limits>
#include <new>
#include <vector>

namespace rq {

// Zeros that begin on a cache line; they take memory as they are written. Blocks under 64 KiB are
// ordinary memory, those up to 16 MiB share huge pages with their neighbours. Throws
// std::bad_alloc.
void* allocate_huge(std::size_t bytes);
// With the same number of bytes.
void free_huge(void* block, std::size_t bytes);

// One such block, of which only what is written takes memory (a vector would write it all).
class HugeBlock {
 public:
  explicit HugeBlock(std::size_t bytes) : data_(allocate_huge(bytes)), bytes_(bytes) {}
  ~HugeBlock() { free_huge(data_, bytes_); }
  HugeBlock(const HugeBlock&) = delete;
  HugeBlock& operator=(const HugeBlock&) = delete;
  void* data() const { return data_; }

 private:
  void* data_;
  std::size_t bytes_;
};

// A vector's memory from there.
template <typename T>
struct HugeAllocator {
  using value_type = T;

  HugeAllocator() = default;
  template <typename U>
  explicit HugeAllocator(const HugeAllocator<U>&) {}

  T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) {
      throw std::bad_array_new_length();
    }
    return static_cast<T*>(allocate_huge(count * sizeof(T)));
  }
  void deallocate(T* block, std::size_t count) { free_huge(block, count * sizeof(T)); }
  bool operator==(const HugeAllocator&) const { return true; }
};

using HugeFloats = std::vector<float, HugeAllocator<float>>;

}  // namespace rq
