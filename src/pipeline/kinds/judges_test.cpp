#include "pipeline/kinds/judges.h"

#include <optional>

#include <gtest/gtest.h>

namespace rq::pipeline {
namespace {

TEST(JudgePrompt, FillsInQuestionAndAnswerAsTheyAre) {
  const JudgeConfig config = {.from = "r1", .prompt = "{question}|{answer}|{most}|\\boxed{N}"};
  EXPECT_EQ(judge_prompt(config, {"1 {answer}?", "{most}"}), "1 {answer}?|{most}|10|\\boxed{N}");
}

TEST(Judgement, IsTheLastBoxedNumberOverTheMost) {
  const JudgeConfig config = {.most = 10};
  EXPECT_EQ(judgement_in(config, "At first \\boxed{9}. But no: \\boxed{2.5}"), 0.25);
  EXPECT_EQ(judgement_in(config, "<think>\\boxed{3}</think>\\boxed{10}"), 1.0);
  for (const char* const nonsense : {"ten",
                                     "\\boxed{good}",
                                     "\\boxed{11}",
                                     "\\boxed{-1}",
                                     "\\boxed{}",
                                     "\\boxed{3 of 10}",
                                     ""}) {
    EXPECT_EQ(judgement_in(config, nonsense), std::nullopt) << nonsense;
  }
}

TEST(JudgeConfig, WhatCannotBeIsNamed) {
  EXPECT_TRUE(JudgeConfig().problems().empty()) << "there is none";
  EXPECT_TRUE((JudgeConfig{.from = "r1"}).problems().empty());
  const JudgeConfig wrong = {.from = "r1",
                             .endpoint = {.base_url = "http://127.0.0.1/v1"},
                             .prompt = "Good?",
                             .most = 0,
                             .max_tokens = 0};
  EXPECT_EQ(wrong.problems().size(), 4);
}

}  // namespace
}  // namespace rq::pipeline
