// Wilson's interval against published values.

#include "eval/interval.h"

#include <gtest/gtest.h>

namespace rq::eval {
namespace {

// Newcombe (1998), table I, method 3.
TEST(WilsonInterval, GivesNewcombesPublishedExamples) {
  const auto expect = [](std::int64_t hits, std::int64_t trials, double low, double high) {
    const Interval interval = wilson_interval(hits, trials);
    EXPECT_NEAR(interval.low, low, 5e-5) << hits << "/" << trials;
    EXPECT_NEAR(interval.high, high, 5e-5) << hits << "/" << trials;
  };
  expect(81, 263, 0.2553, 0.3662);
  expect(15, 148, 0.0624, 0.1605);
  expect(0, 20, 0.0000, 0.1611);
  expect(1, 29, 0.0061, 0.1718);
}

TEST(WilsonInterval, IsMirroredByTakingMissesForHits) {
  for (std::int64_t hits = 0; hits <= 7; ++hits) {
    EXPECT_NEAR(wilson_interval(hits, 7).low, 1 - wilson_interval(7 - hits, 7).high, 1e-12);
  }
  EXPECT_EQ(wilson_interval(7, 7).high, 1);
  EXPECT_EQ(wilson_interval(0, 0).low, 0);
  EXPECT_EQ(wilson_interval(0, 0).high, 1);
}

}  // namespace
}  // namespace rq::eval
