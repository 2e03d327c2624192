#include "reward/internal/compare_output.h"

#include <gtest/gtest.h>

namespace rq::reward {
namespace {

TEST(CompareOutput, BlanksAtTheEndsDoNotCount) {
  EXPECT_EQ(difference("1 2 \r\n3\n\n \n", "1 2\n3", 0), std::nullopt);
  EXPECT_EQ(difference("", "\n", 0), std::nullopt);
  EXPECT_EQ(difference("1  2", "1 2", 0), "line 1 is \"1  2\" and should be \"1 2\"");
  EXPECT_EQ(difference(" 1", "1", 0), "line 1 is \" 1\" and should be \"1\"");
  EXPECT_EQ(difference("\n1", "1", 0), "line 1 is \"\" and should be \"1\"");
  EXPECT_EQ(difference("1", "1\n2\n", 0), "1 lines were written instead of 2");
  EXPECT_EQ(difference("1\n2\n3", "1\n2", 0), "3 lines were written instead of 2");
}

TEST(CompareOutput, NumbersWithAPointMayDifferByTheTolerance) {
  EXPECT_EQ(difference("0.333333 x", "0.3333333333 x", 1e-6), std::nullopt);
  EXPECT_EQ(difference("1e3", "1000.0", 1e-6), std::nullopt);
  EXPECT_EQ(difference("1234567.9", "1234567.0", 1e-6), std::nullopt);  // a share of it
  EXPECT_NE(difference("0.3334", "0.3333", 1e-6), std::nullopt);
  EXPECT_NE(difference("0.333333", "0.3333333333", 0), std::nullopt);
}

TEST(CompareOutput, WholeNumbersAndWordsAreExact) {
  EXPECT_NE(difference("1000000007", "1000000008", 1e-6), std::nullopt);
  EXPECT_NE(difference("nan", "1.0", 1e-6), std::nullopt);
  EXPECT_NE(difference("inf", "1.0", 1e9), std::nullopt);
  EXPECT_NE(difference("1.0x", "1.0", 1e-6), std::nullopt);
  EXPECT_NE(difference("1.0 1.0", "1.0", 1e-6), std::nullopt);
  EXPECT_EQ(difference("nan", "nan", 1e-6), std::nullopt);
}

}  // namespace
}  // namespace rq::reward
