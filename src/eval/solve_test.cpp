#include "eval/solve.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rq::eval {
namespace {

Solved solved(reward::Domain domain, const std::string& kind, const std::vector<bool>& right) {
  Solved one{.problem = {.domain = domain, .kind = kind}, .answers = {}};
  for (const bool is_right : right) {
    one.answers.push_back({.tokens = is_right ? 10 : 20,
                           .is_cut = !is_right,
                           .grade = {.score = is_right ? 1.0 : 0.5, .is_right = is_right}});
  }
  return one;
}

TEST(PassRates, AreMeansOverProblemsByKindAndDomainAndInAll) {
  using enum reward::Domain;
  const std::vector<Solved> all = {solved(kMath, "sum", {true, false}),
                                   solved(kMath, "sum", {true, true}),
                                   solved(kMath, "chain", {false, false}),
                                   solved(kLogic, "order", {true})};
  const std::vector<PassRate> rates = pass_rates(all);
  ASSERT_EQ(rates.size(), 5);
  EXPECT_EQ(rates[0].name, "chain");
  EXPECT_EQ(rates[0].right, 0);
  EXPECT_EQ(rates[1].name, "order");
  EXPECT_EQ(rates[2].name, "sum");
  EXPECT_DOUBLE_EQ(rates[2].right, 0.75);
  EXPECT_DOUBLE_EQ(rates[2].score, 0.875);
  EXPECT_DOUBLE_EQ(rates[2].tokens, 12.5);
  EXPECT_DOUBLE_EQ(rates[2].cut, 0.25);
  EXPECT_EQ(rates[3].name, "math");  // of logic there is one kind, which stands above
  EXPECT_DOUBLE_EQ(rates[3].right, 0.5);
  EXPECT_EQ(rates[3].problems, 3);
  EXPECT_EQ(rates[4].name, "all");
  EXPECT_DOUBLE_EQ(rates[4].right, 2.5 / 4);
  EXPECT_LT(rates[4].interval.low, rates[4].right);
  EXPECT_GT(rates[4].interval.high, rates[4].right);
}

}  // namespace
}  // namespace rq::eval
