#include "base/huge_memory.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace rq {
namespace {

constexpr std::size_t kSizes[] = {1, 100, 65'535, 65'536, 1'000'000, 16'777'216, 16'777'217};

TEST(HugeMemory, BlocksOfAllSizesAreZerosOnCacheLinesApartFromEachOther) {
  std::vector<unsigned char*> blocks;
  for (const std::size_t size : kSizes) {
    for (int i = 0; i < 3; ++i) {
      auto* const block = static_cast<unsigned char*>(allocate_huge(size));
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 64, 0);
      EXPECT_EQ(block[0] + block[size / 2] + block[size - 1], 0);
      block[0] = block[size - 1] = static_cast<unsigned char>(blocks.size() + 1);
      blocks.push_back(block);
    }
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::size_t size = kSizes[i / 3];
    EXPECT_EQ(blocks[i][0], i + 1);
    EXPECT_EQ(blocks[i][size - 1], i + 1);
    free_huge(blocks[i], size);
  }
}

TEST(HugeMemory, WhatWasFreedIsZerosAgain) {
  for (int round = 0; round < 200; ++round) {  // several slabs' worth
    HugeFloats floats(1 << 20);
    EXPECT_EQ(floats[12345], 0);
    floats[12345] = 1;
  }
}

TEST(HugeMemory, AMapThatCannotBeIsBadAlloc) {
  EXPECT_THROW(allocate_huge(std::size_t{1} << 60), std::bad_alloc);
}

}  // namespace
}  // namespace rq
