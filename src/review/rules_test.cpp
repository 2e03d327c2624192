#include "review/rules.h"

#include <optional>
#include <string_view>

#include <gtest/gtest.h>

namespace rq::review {
namespace {

using Broken = std::optional<std::string_view>;

TEST(RepeatedShare, IsOfRunsOfFourWords) {
  EXPECT_EQ(repeated_share("a b c"), 0);
  EXPECT_EQ(repeated_share("the cat sat on the mat and the cat ran"), 0);
  // a b c d, b c d a, c d a b, d a b c, and the first once more
  EXPECT_DOUBLE_EQ(repeated_share("a b c d a b c d"), 0.2);
  EXPECT_GT(repeated_share("no no no no no no no no no no"), 0.8);
}

TEST(Rules, TheFirstThatIsBrokenIsNamed) {
  const std::string_view question = "Write on: The sea was calm.";
  const Rules rules = {.least_words = 3, .most_words = 8, .without = {"As an AI"}};
  EXPECT_EQ(broken_rule(rules, question, "The wind rose at night."), Broken());
  EXPECT_EQ(broken_rule(rules, question, " The  wind. "), Broken("least_words"));
  EXPECT_EQ(broken_rule(rules, question, "a b c d e f g h i"), Broken("most_words"));
  EXPECT_EQ(broken_rule(rules, question, "no no no no no no"), Broken("most_repeated"));
  EXPECT_EQ(broken_rule(rules, question, "夜里 起 风 了"), Broken("least_same_script"));
  EXPECT_EQ(broken_rule(rules, question, "as an ai I sail not"), Broken("without"));
}

TEST(Rules, WhatCannotBeIsNamedWithItsValue) {
  EXPECT_TRUE(Rules().problems().empty());
  const Rules wrong = {.least_words = 9,
                       .most_words = 8,
                       .most_repeated = 2,
                       .least_same_script = -1,
                       .without = {""}};
  EXPECT_EQ(wrong.problems().size(), 4);
}

}  // namespace
}  // namespace rq::review
