#include "review/agreement.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rq::review {
namespace {

// Of two people: how often both accept, the first alone, the second alone, and neither.
struct Table {
  std::string first, second;
  int both = 0, first_alone = 0, second_alone = 0, neither = 0;
};

std::vector<JudgedTwice> items_of(const std::vector<Table>& tables) {
  std::vector<JudgedTwice> items;
  for (const auto& [first, second, both, first_alone, second_alone, neither] : tables) {
    items.insert(items.end(), both, {first, second, true, true});
    items.insert(items.end(), first_alone, {first, second, true, false});
    items.insert(items.end(), second_alone, {first, second, false, true});
    items.insert(items.end(), neither, {first, second, false, false});
  }
  return items;
}

TEST(Agreement, IsCohensKappa) {
  // Of 50 items 35 alike: 0.7. The first accepts 25, the second 30: by chance 0.5 * 0.6 + 0.5 *
  // 0.4.
  const Agreement agreement = measure_agreement(items_of({{"Ada", "Bo", 20, 5, 10, 15}}));
  ASSERT_EQ(agreement.pairs.size(), 1U);
  EXPECT_EQ(agreement.pairs[0].items, 50);
  EXPECT_DOUBLE_EQ(agreement.pairs[0].observed, 0.7);
  EXPECT_DOUBLE_EQ(agreement.pairs[0].expected, 0.5);
  EXPECT_NEAR(agreement.pairs[0].kappa.value(), 0.4, 1e-12);
  EXPECT_NEAR(agreement.kappa.value(), 0.4, 1e-12);
}

TEST(Agreement, IsPooledByTheItemsOfEachPair) {
  // The second pair has 0.8 alike where chance gives 0.5. Together (35 + 8) / 60 alike, by chance
  // 0.5 again: (43 / 60 - 0.5) / 0.5 = 13 / 30.
  const Agreement agreement =
      measure_agreement(items_of({{"Ada", "Bo", 20, 5, 10, 15}, {"Ada", "Cy", 4, 1, 1, 4}}));
  ASSERT_EQ(agreement.pairs.size(), 2U);
  EXPECT_NEAR(agreement.pairs[1].kappa.value(), 0.6, 1e-12);
  EXPECT_NEAR(agreement.observed.value(), 43.0 / 60, 1e-12);
  EXPECT_NEAR(agreement.kappa.value(), 13.0 / 30, 1e-12);
}

TEST(Agreement, IsBelowZeroWherePeopleContradictEachOther) {
  EXPECT_NEAR(measure_agreement(items_of({{"Ada", "Bo", 0, 5, 5, 0}})).kappa.value(), -1, 1e-12);
}

TEST(Agreement, IsNothingWhereThereIsNothingToCompare) {
  EXPECT_FALSE(measure_agreement({}).kappa.has_value());
  EXPECT_FALSE(measure_agreement({}).observed.has_value());
  const Agreement same = measure_agreement(items_of({{"Ada", "Bo", 7, 0, 0, 0}}));
  EXPECT_DOUBLE_EQ(same.observed.value(), 1);
  EXPECT_FALSE(same.kappa.has_value());
}

}  // namespace
}  // namespace rq::review
