// Where the final answer of a text is found.

#include "reward/answer_text.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace rq::reward {
namespace {

using Found = std::optional<std::string_view>;

std::string repeated(std::string_view part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) {
    text += part;
  }
  return text;
}

TEST(BoxedAnswer, EndsWithItsBrace) {
  EXPECT_EQ(boxed_answer("so \\boxed{\\frac{1}{2}} is it."), Found("\\frac{1}{2}"));
  EXPECT_EQ(boxed_answer("\\fbox{ 7 }"), Found("7"));
  EXPECT_EQ(boxed_answer("\\boxed {7}"), Found("7"));
}

TEST(BoxedAnswer, IsTheLastOfSeveralAndTheOutermostOfNested) {
  EXPECT_EQ(boxed_answer("\\boxed{1}, no: \\boxed{2}, see {3}"), Found("2"));
  EXPECT_EQ(boxed_answer("\\boxed{x = \\fbox{5}}"), Found("x = \\fbox{5}"));
}

TEST(BoxedAnswer, WithoutBracesEndsWithASpaceOrADollarSign) {
  EXPECT_EQ(boxed_answer("$\\boxed 5$ it is"), Found("5"));
  EXPECT_EQ(boxed_answer("\\boxed 12 apples"), Found("12"));
}

TEST(BoxedAnswer, SeenBracesAreSignsAndNoGroups) {
  EXPECT_EQ(boxed_answer("\\boxed{\\{1, 2\\}}"), Found("\\{1, 2\\}"));
  EXPECT_EQ(boxed_answer("\\boxed{\\left\\{ x \\right.}"), Found("\\left\\{ x \\right."));
}

TEST(BoxedAnswer, IsNoneWhereNoBoxIsClosedOrFilled) {
  EXPECT_EQ(boxed_answer("the answer is 5"), std::nullopt);
  EXPECT_EQ(boxed_answer("\\boxed{12"), std::nullopt);
  EXPECT_EQ(boxed_answer("\\boxed{ }"), std::nullopt);
  EXPECT_EQ(boxed_answer("\\boxed"), std::nullopt);
  EXPECT_EQ(boxed_answer("\\boxedanswer{5}"), std::nullopt);
  EXPECT_EQ(boxed_answer(""), std::nullopt);
}

TEST(BoxedAnswer, StandsBehindTheReasoning) {
  EXPECT_EQ(boxed_answer("<think>\\boxed{1}</think>It is \\boxed{2}."), Found("2"));
  EXPECT_EQ(boxed_answer("<think>\\boxed{1}</think>It is 2."), std::nullopt);
  EXPECT_EQ(after_thinking("<think>a</think>b</think>c"), "c");
  EXPECT_EQ(boxed_answer("<think>It may be \\boxed{1}, or"), std::nullopt);
}

TEST(StatedAnswer, IsTheRestOfTheLine) {
  EXPECT_EQ(stated_answer("The answer is 5.\nDone."), Found("5"));
  EXPECT_EQ(stated_answer("Answer: \\frac{1}{2}"), Found("\\frac{1}{2}"));
  EXPECT_EQ(stated_answer("FINAL ANSWER IS: 3.5"), Found("3.5"));
  EXPECT_EQ(stated_answer("The answer is 1. No, the answer is 2."), Found("2"));
  EXPECT_EQ(stated_answer("It is 5."), std::nullopt);
  EXPECT_EQ(stated_answer("The answer is"), std::nullopt);
}

TEST(HashAnswer, StandsBehindFourHashes) {
  EXPECT_EQ(hash_answer("2 + 2 = <<2+2=4>>4\n#### 42\n"), Found("42"));
  EXPECT_EQ(hash_answer("#### 1\n#### 2"), Found("2"));
  EXPECT_EQ(hash_answer("### 42"), std::nullopt);
}

TEST(LastNumber, HasItsSignPointAndSeparators) {
  EXPECT_EQ(last_number("from 3 to -1,234,567.5 metres."), Found("-1,234,567.5"));
  EXPECT_EQ(last_number("costs $.50"), Found(".50"));
  EXPECT_EQ(last_number("it is 12."), Found("12"));
  EXPECT_EQ(last_number("(3,4)"), Found("4"));
  EXPECT_EQ(last_number("10-3"), Found("3"));
  EXPECT_EQ(last_number("none"), std::nullopt);
}

TEST(AnswerText, AMegabyteTakesMilliseconds) {
  for (const std::string_view part :
       {"\\boxed{", "\\boxed", "{\\boxed{1}", "1,", "answer is", "####"}) {
    const std::string text = repeated(part, 1'000'000 / static_cast<int>(part.size()));
    const auto begin = std::chrono::steady_clock::now();
    boxed_answer(text);
    stated_answer(text);
    hash_answer(text);
    last_number(text);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1)) << part;
  }
}

}  // namespace
}  // namespace rq::reward
