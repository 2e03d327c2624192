#include "eval/tables/marking.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "eval/tables/pattern.h"
#include "eval/tables/testing/small_task.h"
#include "eval/tables/words.h"

namespace rq::eval {
namespace {

std::string found(Extract how, std::string_view text, const std::string& pattern = {}) {
  const Extractor extract({.extract = how, .pattern = pattern}, "test");
  return extract(text).value_or("(none)");
}

TEST(Extractor, FindsLettersAsModelsWriteThem) {
  EXPECT_EQ(found(Extract::kLetter, "B"), "B");
  EXPECT_EQ(found(Extract::kLetter, " (C) because"), "C");
  EXPECT_EQ(found(Extract::kLetter, "A good question. The answer is (D)."), "D");
  EXPECT_EQ(found(Extract::kLetter, "So the **Answer: C**"), "C");
  EXPECT_EQ(found(Extract::kLetter, "hence \\boxed{B}"), "B");
  EXPECT_EQ(found(Extract::kLetter, "答案：A"), "A");
  EXPECT_EQ(found(Extract::kLetter, "Certainly not"), "(none)");
}

TEST(Extractor, LooksBehindTheReasoningAndTakesTheLastMatch) {
  EXPECT_EQ(found(Extract::kLastNumber, "<think>7</think>it is 3, no, 4."), "4");
  EXPECT_EQ(found(Extract::kPattern, "x=1 x=2", "x=(\\d)"), "2");
  EXPECT_EQ(found(Extract::kPattern, "x=1", "y=(\\d)"), "(none)");
  EXPECT_EQ(found(Extract::kFirstLine, "\n Paris \nor London"), "Paris");
  EXPECT_EQ(found(Extract::kWhole, "  "), "(none)");
}

TEST(Pattern, HostileTextsTakeBoundedTime) {
  const Pattern pattern("(a+)+b", "test");
  EXPECT_EQ(pattern.last_in(std::string(5000, 'a')), std::nullopt);
}

TEST(Words, AreComparedAsSquadDoes) {
  EXPECT_TRUE(same_words("The Eiffel tower.", "eiffel tower"));
  EXPECT_DOUBLE_EQ(word_overlap("in Paris France", "Paris"), 2.0 / 4);
  EXPECT_DOUBLE_EQ(word_overlap("London", "Paris"), 0);
  EXPECT_DOUBLE_EQ(word_overlap("北京市", "北京"), 4.0 / 5);  // by character
  EXPECT_TRUE(same_words("北京。", "北京"));
}

Question choice_question(std::vector<std::string> choices, int right) {
  Question question{.right = right, .requests = std::vector<Request>(choices.size())};
  question.choices = std::move(choices);
  return question;
}

TEST(Marker, EachNormMayChooseAnother) {
  const testing::Folder folder;
  const Task task = folder.task(testing::kChoices, {"choice.norm=\"per-byte\""});
  const Marker marker(task);
  // Sums: the short text wins; by byte the long one; by token the one with the most of them.
  const std::vector<Reply> replies = {
      {.tokens = 1, .logprob = -3}, {.tokens = 2, .logprob = -5}, {.tokens = 6, .logprob = -9}};
  const Mark mark = marker(choice_question({"no", "certainly", "maybe 1"}, 1), replies);
  EXPECT_EQ(mark.chosen, (std::vector{0, 1, 2, -1}));
  EXPECT_EQ(mark.score, 1);
}

TEST(Marker, WhatTextsHaveAnywayIsTakenAwayWhereThatIsAskedFor) {
  const testing::Folder folder;
  const Task task = folder.task(testing::kChoices, {"choice.norm=\"unconditional-normalised\""});
  const Marker marker(task);
  const std::vector<Reply> replies = {{.tokens = 1, .logprob = -1},
                                      {.tokens = 1, .logprob = -4},
                                      {.tokens = 1, .logprob = -1},
                                      {.tokens = 1, .logprob = -9}};
  EXPECT_EQ(marker(choice_question({"yes", "zygote"}, 1), replies).score, 1);
}

TEST(Marker, SamplesAreMarkedAndWhatHoldsNoAnswerIsCounted) {
  const testing::Folder folder;
  const Task task =
      folder.task(testing::kAnswers, {"sampling.samples=3", "sampling.temperature=1"});
  const Marker marker(task);
  const Question question{.right = "1/2", .requests = std::vector<Request>(3)};
  const Mark mark =
      marker(question, std::vector<Reply>{{.text = "it is 0.5"}, {.text = "2"}, {.text = "no"}});
  EXPECT_EQ(mark.sample_scores, (std::vector<double>{1, 0, 0}));
  EXPECT_DOUBLE_EQ(mark.score, 1.0 / 3);
  EXPECT_EQ(mark.without_answer, 1);
  EXPECT_EQ(mark.found[0], "0.5");
}

TEST(Marker, WhatIsRightMayStandInABox) {
  const testing::Folder folder;
  const Task task = folder.task(testing::kAnswers);
  const Marker marker(task);
  const Question question{.right = "so x is \\boxed{12}.", .requests = std::vector<Request>(1)};
  EXPECT_EQ(marker(question, std::vector<Reply>{{.text = "12"}}).score, 1);
}

TEST(Marker, ProgramsWithTheAnswerInThemAreRun) {
  const testing::Folder folder;
  const Task task = folder.task(
      testing::kAnswers,
      {"answer.compare=\"program\"", "answer.program=\"assert {{ extracted }} == {{ right }}\""});
  const Marker marker(task);
  const Question question{
      .right = nullptr, .requests = std::vector<Request>(1), .row = {{"right", "2 + 2"}}};
  const Mark right = marker(question, std::vector<Reply>{{.text = "4"}});
  EXPECT_EQ(right.score, 1) << right.notes[0];
  const Mark wrong = marker(question, std::vector<Reply>{{.text = "5"}});
  EXPECT_EQ(wrong.score, 0);
  EXPECT_NE(wrong.notes[0].find("AssertionError"), std::string::npos) << wrong.notes[0];
}

TEST(Marker, APassageHasBitsAByte) {
  const testing::Folder folder;
  const Task task =
      folder.task("title = \"t\"\nkind = \"perplexity\"\ntext = \"text\"\ndata.files = [\"x\"]\n");
  const Marker marker(task);
  const Question question{.requests = {{.asked = Asked::kPassage, .continuation = "four"}}};
  const Mark mark =
      marker(question, std::vector<Reply>{{.tokens = 2, .logprob = -2.772588722239781}});
  EXPECT_NEAR(mark.score, 1, 1e-12);
  EXPECT_EQ(mark.weight, 4);
}

}  // namespace
}  // namespace rq::eval
