#include "eval/tables/statistics.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rq::eval {
namespace {

std::vector<Measured> shares(int hits, int trials) {
  std::vector<Measured> values(static_cast<std::size_t>(trials));
  for (int i = 0; i < hits; ++i) {
    values[static_cast<std::size_t>(i)].value = 1;
  }
  return values;
}

double width(const Estimate& estimate) {
  return estimate.interval.high - estimate.interval.low;
}

TEST(Estimate, SharesGetWilsonsInterval) {
  const Estimate result = estimate(shares(81, 263), Average::kQuestions);
  EXPECT_EQ(result.method, Method::kWilson);
  EXPECT_NEAR(result.interval.low, 0.2553, 1e-4);  // Newcombe 1998
  EXPECT_NEAR(result.interval.high, 0.3662, 1e-4);
}

TEST(Estimate, TheBootstrapComesNearTheNormalIntervalOfAMean) {
  std::vector<Measured> values(400);
  Rng rng(1, "test");
  for (Measured& one : values) {
    one.value = rng.uniform();
  }
  const Estimate result = estimate(values, Average::kQuestions);
  EXPECT_EQ(result.method, Method::kBootstrap);
  const double expected = 2 * 1.96 * std::sqrt(1.0 / 12 / 400);
  EXPECT_NEAR(width(result), expected, 0.1 * expected);
}

TEST(Estimate, QuestionsOnOnePassageTellLessThanAsManyOnPassagesOfTheirOwn) {
  std::vector<Measured> values = shares(50, 100);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i].cluster = std::to_string(i / 10);  // ten alike in each
  }
  const Estimate result = estimate(values, Average::kQuestions);
  EXPECT_EQ(result.method, Method::kClustered);
  EXPECT_EQ(result.clusters, 10);
  EXPECT_GT(width(result), 2.5 * width(estimate(shares(50, 100), Average::kQuestions)));
}

TEST(Estimate, TheMeanOfGroupsGivesEachTheSameWeight) {
  std::vector<Measured> values = {{.value = 1, .group = "a"},
                                  {.value = 0, .group = "b"},
                                  {.value = 0, .group = "b"},
                                  {.value = 0, .group = "b"}};
  EXPECT_DOUBLE_EQ(estimate(values, Average::kGroups).mean, 0.5);
  EXPECT_DOUBLE_EQ(estimate(values, Average::kQuestions).mean, 0.25);
}

TEST(Estimate, BitsAByteAreWeightedByBytes) {
  const std::vector<Measured> values = {{.value = 1, .weight = 3}, {.value = 5, .weight = 1}};
  EXPECT_DOUBLE_EQ(estimate(values, Average::kQuestions).mean, 2);
}

TEST(EstimateDifference, IsNarrowerThanThatOfTwoScoresWhereTheyAgree) {
  const std::vector<Measured> a = shares(60, 100), b = shares(50, 100);  // differ in ten
  const Estimate difference = estimate_difference(a, b, Average::kQuestions);
  EXPECT_NEAR(difference.mean, 0.1, 1e-12);
  EXPECT_GT(difference.interval.low, 0.03);
  EXPECT_LT(difference.interval.high, 0.17);
}

TEST(PassAt, IsTheUnbiasedEstimate) {
  EXPECT_DOUBLE_EQ(pass_at(1, 3, 10), 0.3);
  EXPECT_NEAR(pass_at(2, 1, 4), 0.5, 1e-12);  // 1 - C(3,2) / C(4,2)
  EXPECT_DOUBLE_EQ(pass_at(5, 0, 10), 0);
  EXPECT_DOUBLE_EQ(pass_at(5, 6, 10), 1);
}

}  // namespace
}  // namespace rq::eval
