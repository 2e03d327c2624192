#include "reward/manner.h"

#include <string>

#include <gtest/gtest.h>

namespace rq::reward {
namespace {

TEST(ReasoningForm, IsReasoningAndThenAnAnswer) {
  EXPECT_TRUE(has_reasoning_form("<think>2 + 2 is 4</think>4"));
  EXPECT_TRUE(has_reasoning_form("2 + 2 is 4</think>\n\n4"));  // the prompt has begun it
  EXPECT_FALSE(has_reasoning_form("4"));
  EXPECT_FALSE(has_reasoning_form("<think>2 + 2 is 4"));
  EXPECT_FALSE(has_reasoning_form("<think> \n</think>4"));
  EXPECT_FALSE(has_reasoning_form("<think>2 + 2 is 4</think> "));
  EXPECT_FALSE(has_reasoning_form("<think>2</think>4<think>5</think>6"));
  EXPECT_FALSE(has_reasoning_form("a<think>2</think>4"));
  EXPECT_FALSE(has_reasoning_form("2</think>3</think>4"));
}

TEST(LanguageConsistency, IsTheShareOfLettersInThePromptsScripts) {
  EXPECT_EQ(language_consistency("What is this?", "A house."), 1);
  EXPECT_EQ(language_consistency("What is this?", "это дом"), 0);
  EXPECT_EQ(language_consistency("这是什么？", "房子"), 1);
  EXPECT_EQ(language_consistency("これは何ですか", "家です"), 1);
  EXPECT_DOUBLE_EQ(language_consistency("What is this?", "дом or house"), 7.0 / 10);
  EXPECT_EQ(language_consistency("Wie heißt что?", "дом oder Haus"), 1);  // both were used
}

TEST(LanguageConsistency, LeavesOutWhatAllLanguagesShare) {
  EXPECT_EQ(language_consistency("多少？", "答案是 $x + y$，即 \\(z\\) 或 \\boxed{7}"), 1);
  EXPECT_EQ(language_consistency("写程序", "好的：\n```python\nprint(1)\n```\n完"), 1);
  EXPECT_EQ(language_consistency("12 + 3 =", "fifteen"), 1);  // no language to keep to
  EXPECT_EQ(language_consistency("Hello", "15 \xff\xfe"), 1);
  // A dollar that nothing closes is one of money.
  EXPECT_EQ(language_consistency("多少？", "$ five"), 0);
}

}  // namespace
}  // namespace rq::reward
