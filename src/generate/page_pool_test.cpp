#include "generate/page_pool.h"

#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace rq::generate {
namespace {

using Tokens = std::vector<std::int32_t>;

Tokens text(std::int64_t pages, std::int32_t first) {
  Tokens tokens(static_cast<std::size_t>(pages * kPageTokens));
  std::iota(tokens.begin(), tokens.end(), first);
  return tokens;
}

// Takes pages for `tokens` and publishes them all.
std::vector<std::int32_t> write(PagePool& pool, const Tokens& tokens) {
  std::vector<std::int32_t> pages;
  for (std::size_t i = 0; i < tokens.size() / kPageTokens; ++i) {
    pages.push_back(pool.take().value());
    pool.publish(pages.back(),
                 i == 0 ? std::nullopt : std::optional(pages[i - 1]),
                 std::span(tokens).subspan(i * kPageTokens, kPageTokens));
  }
  return pages;
}

void release(PagePool& pool, const std::vector<std::int32_t>& pages) {
  for (auto page = pages.rbegin(); page != pages.rend(); ++page) {
    pool.release(*page);
  }
}

TEST(PagePool, GivesOutEachPageOnceAndThenNone) {
  PagePool pool(3);
  EXPECT_EQ(pool.available(), 3);
  const std::vector<std::int32_t> pages = {*pool.take(), *pool.take(), *pool.take()};
  EXPECT_EQ(std::accumulate(pages.begin(), pages.end(), 0), 3);
  EXPECT_FALSE(pool.take());
  EXPECT_EQ(pool.held(), 3);
  pool.release(pages[1]);
  EXPECT_EQ(pool.take(), pages[1]);
}

TEST(PagePool, APromptFindsTheWholePagesOfItsBeginning) {
  PagePool pool(8);
  const Tokens tokens = text(3, 0);
  const auto pages = write(pool, tokens);
  const std::span<const std::int32_t> all(tokens);
  EXPECT_EQ(pool.reuse(all), pages);
  EXPECT_EQ(pool.reuse(all.first(2 * kPageTokens + 5)).size(), 2);
  EXPECT_TRUE(pool.reuse(all.first(kPageTokens - 1)).empty());
  EXPECT_TRUE(pool.reuse(all.subspan(kPageTokens)).empty()) << "the same tokens at another place";
  Tokens other = tokens;
  other[kPageTokens + 3] = -7;
  EXPECT_EQ(pool.reuse(other).size(), 1);
}

TEST(PagePool, WhatNobodyHoldsStaysUntilItsPlaceIsNeededOldestAndLeavesFirst) {
  PagePool pool(4);
  const Tokens old = text(2, 0), recent = text(1, 100);
  release(pool, write(pool, old));
  release(pool, write(pool, recent));
  EXPECT_EQ(pool.held(), 0);
  EXPECT_EQ(pool.available(), 4);
  pool.take();  // the one that was never written
  pool.take();  // the leaf of the older text
  const auto left = pool.reuse(old);
  EXPECT_EQ(left.size(), 1);
  release(pool, left);
  pool.take();  // the recent one is now the older
  EXPECT_TRUE(pool.reuse(recent).empty());
  EXPECT_EQ(pool.reuse(old).size(), 1);
}

TEST(PagePool, APageThatIsWrittenAnewIsNoLongerFound) {
  PagePool pool(1);
  const Tokens first = text(1, 0), second = text(1, 50);
  release(pool, write(pool, first));
  release(pool, write(pool, second));
  EXPECT_TRUE(pool.reuse(first).empty());
  EXPECT_EQ(pool.reuse(second).size(), 1);
}

TEST(PagePool, ADoubleOfAKnownPageIsLeftAloneWithWhatStandsBehindIt) {
  PagePool pool(6);
  const Tokens tokens = text(2, 0);
  const auto pages = write(pool, tokens), doubles = write(pool, tokens);
  EXPECT_EQ(pool.reuse(tokens), pages);
  release(pool, doubles);
  EXPECT_EQ(pool.reuse(tokens), pages);
  EXPECT_EQ(pool.held(), 2);
}

}  // namespace
}  // namespace rq::generate
