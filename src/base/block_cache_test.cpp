#include "base/block_cache.h"

#include <cstring>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace rq {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

TEST(BlockCache, ABlockGivenBackServesTheNextRequestOfItsSizeClass) {
  BlockCache cache;
  void* const first = cache.take(4 * kMiB);
  std::memset(first, 1, 4 * kMiB);
  cache.give(first, 4 * kMiB);
  EXPECT_EQ(cache.idle_bytes(), 4 * kMiB);
  void* const second = cache.take(4 * kMiB - 1000);
  EXPECT_EQ(second, first);
  EXPECT_EQ(cache.idle_bytes(), 0U);
  cache.give(second, 4 * kMiB - 1000);
}

TEST(BlockCache, ABlockOfAnotherSizeIsNotTouched) {
  BlockCache cache;
  void* const first = cache.take(4 * kMiB);
  cache.give(first, 4 * kMiB);
  void* const other = cache.take(5 * kMiB);
  EXPECT_NE(other, first);
  EXPECT_EQ(cache.used_bytes(), 5 * kMiB);
  EXPECT_EQ(cache.idle_bytes(), 4 * kMiB);
  cache.give(other, 5 * kMiB);
}

TEST(BlockCache, ASizeClassWastesAtMostAnEighthAndHoldsWholePages) {
  for (const std::size_t bytes : {kMiB, kMiB + 1, 3 * kMiB - 5, 7 * kMiB + 4097, 1000 * kMiB + 1}) {
    const std::size_t size = BlockCache::size_class(bytes);
    EXPECT_GE(size, bytes);
    EXPECT_LE(size - bytes, bytes / 8) << bytes;
    EXPECT_EQ(size % 4096, 0U) << bytes;
    EXPECT_EQ(BlockCache::size_class(size), size);
  }
}

TEST(BlockCache, WhatLiesIdleIsBoundedByAShareOfTheMostInUseAndTheOldestGoFirst) {
  BlockCache cache({.idle_bytes = 0, .idle_share = 0.25});
  std::vector<void*> blocks;
  for (int i = 0; i < 8; ++i) {
    blocks.push_back(cache.take(kMiB));
  }
  for (void* const block : blocks) {
    cache.give(block, kMiB);
  }
  EXPECT_EQ(cache.idle_bytes(), 2 * kMiB);
  EXPECT_EQ(cache.take(kMiB), blocks[7]);
  EXPECT_EQ(cache.take(kMiB), blocks[6]);
  EXPECT_EQ(cache.idle_bytes(), 0U);
  cache.give(blocks[7], kMiB);
  cache.give(blocks[6], kMiB);
}

TEST(BlockCache, ClearedItKeepsNothingAndTheMostIsCountedAnew) {
  BlockCache cache({.idle_bytes = 0, .idle_share = 0.5});
  void* const large = cache.take(4 * kMiB);
  cache.give(large, 4 * kMiB);
  cache.give(cache.take(kMiB), kMiB);
  EXPECT_EQ(cache.idle_bytes(), kMiB);
  cache.clear();
  EXPECT_EQ(cache.idle_bytes(), 0U);
  cache.give(cache.take(kMiB), kMiB);
  EXPECT_EQ(cache.idle_bytes(), 0U) << "half of the new most is less than the block";
}

TEST(BlockCache, NoTwoThreadsAreGivenOneBlock) {
  BlockCache cache;
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int id = 0; id < 4; ++id) {
    threads.emplace_back([&, id] {
      for (int round = 0; round < 200; ++round) {
        auto* const block = static_cast<unsigned char*>(cache.take(kMiB));
        std::memset(block, id, 4096);
        std::this_thread::yield();
        wrong[id] += block[0] != id || block[4095] != id;
        cache.give(block, kMiB);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, (std::vector<int>(4)));
  EXPECT_EQ(cache.used_bytes(), 0U);
}

}  // namespace
}  // namespace rq
