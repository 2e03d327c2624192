#include "base/rng.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace rq {
namespace {

TEST(Rng, TheSameSeedAndStreamGiveTheSameDraws) {
  Rng a(7, "data"), b(7, "data");
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(a.next(), b.next());
  }
}

TEST(Rng, StreamsOfOneSeedDiffer) {
  EXPECT_NE(Rng(7, "data").next(), Rng(7, "init").next());
  EXPECT_NE(Rng(7, "data").next(), Rng(8, "data").next());
}

TEST(Rng, SeekContinuesAtTheSameDraw) {
  Rng rng(1, "x");
  for (int i = 0; i < 10; ++i) {
    rng.next();
  }
  const auto position = rng.position();
  const auto expected = rng.next();
  Rng again(1, "x");
  again.seek(position);
  EXPECT_EQ(again.next(), expected);
}

TEST(Rng, DrawsAreUniform) {
  Rng rng(3, "uniform");
  std::vector<int> counts(10);
  for (int i = 0; i < 100000; ++i) {
    ++counts[rng.below(10)];
  }
  const auto [low, high] = std::minmax_element(counts.begin(), counts.end());
  EXPECT_GT(*low, 9600);
  EXPECT_LT(*high, 10400);
}

TEST(Rng, NormalDrawsHaveMeanZeroAndVarianceOne) {
  Rng rng(5, "normal");
  double sum = 0, squares = 0;
  for (int i = 0; i < 100000; ++i) {
    const double x = rng.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 1e5, 0.0, 0.02);
  EXPECT_NEAR(squares / 1e5, 1.0, 0.02);
}

TEST(Rng, ShuffleIsAPermutation) {
  std::vector<int> items(100);
  std::iota(items.begin(), items.end(), 0);
  auto shuffled = items;
  Rng(1, "shuffle").shuffle(shuffled);
  EXPECT_NE(shuffled, items);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, items);
}

}  // namespace
}  // namespace rq
