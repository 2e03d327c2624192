#include "eval/tables/problem_task.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "eval/tables/board.h"
#include "eval/tables/evaluate.h"
#include "eval/tables/output.h"
#include "eval/tables/testing/small_task.h"
#include "reward/problem_generator.h"

namespace rq::eval {
namespace {

using testing::Oracle;

const ProblemSettings kSums = {.draw = {.kinds = {"sum"}, .count = 5}, .system = "Think."};

TEST(ProblemTasks, AskTheTestSideOfTheSplitInAChatBehindTheSystemsWords) {
  const QuestionSet set = read_questions(problem_tasks(kSums).front(), {.form = Form::kChat});
  ASSERT_EQ(set.questions.size(), 5);
  for (const Question& question : set.questions) {
    EXPECT_EQ(reward::split_of(question.id), reward::Split::kTest);
    const Json& messages = question.requests.front().messages;
    ASSERT_EQ(messages.size(), 2);
    EXPECT_EQ(messages[0]["content"], "Think.");
    EXPECT_EQ(messages[1]["content"], question.shown);
  }
}

TEST(ProblemTasks, AnswersAreRightWrongCutOrNoneAndTheTableSaysSo) {
  const testing::Folder folder;
  const Task task = problem_tasks(kSums).front();
  const QuestionSet set = read_questions(task, {.form = Form::kChat});
  const auto answer_of = [&](const std::string& id) {
    for (const Question& question : set.questions) {
      if (question.id == id) {
        return question.problem->answer;
      }
    }
    return std::string();
  };
  int asked = 0;
  Oracle oracle([&](const Request& request) -> Reply {
    switch (asked++) {
      case 0:
        return {.text = "No idea", .tokens = 2, .is_cut = true};
      case 1:
        return {.text = "\\boxed{-77777}", .tokens = 4};
      default:
        return {.text = "\\boxed{" + answer_of(request.question) + "}", .tokens = 8};
    }
  });
  std::int64_t tokens = 0;
  Examination examination({.task = task,
                           .set = set,
                           .form = Form::kChat,
                           .model = "oracle",
                           .record = folder.path() / "record.jsonl"});
  examination.ask(oracle, [&](const EvaluationState& state) { tokens = state.tokens; });
  examination.finish();
  const Cell cell = cell_of(read_record(folder.path() / "record.jsonl"));
  EXPECT_DOUBLE_EQ(cell.value, 60);
  EXPECT_EQ(cell.cut, 1);
  EXPECT_EQ(cell.without_answer, 1);
  EXPECT_DOUBLE_EQ(cell.mean_tokens, 6);
  EXPECT_EQ(tokens, 30);
  EXPECT_EQ(metric_of(task.config), "Pass@1");
}

TEST(ProblemTasks, AFileOfProblemsIsARow) {
  const testing::Folder folder;
  folder.write("gsm8k/test.jsonl",
               "{\"question\": \"One and one?\", \"answer\": \"It is <<1+1=2>>2.\\n#### 2\"}\n");
  const ProblemSettings settings{.draw = {.files = {"gsm8k/test.jsonl"}}};
  EXPECT_TRUE(problems_of(settings, folder.path()).empty());
  const Task task = problem_tasks(settings).front();
  EXPECT_EQ(task.name, "gsm8k-test");
  const QuestionSet set = read_questions(task, {.data = folder.path(), .form = Form::kChat});
  ASSERT_EQ(set.questions.size(), 1);
  EXPECT_NE(set.questions[0].shown.find("One and one?"), std::string::npos);
  const std::vector<Reply> right = {{.text = "\\boxed{2}"}}, wrong = {{.text = "\\boxed{3}"}};
  EXPECT_EQ(Marker(task)(set.questions[0], right).score, 1);
  EXPECT_EQ(Marker(task)(set.questions[0], wrong).score, 0);
}

TEST(ProblemTasks, WhatCannotBeDrawnIsNamed) {
  const auto problems = problems_of({.draw = {.kinds = {"summ"}}, .samples = 2}, "");
  ASSERT_EQ(problems.size(), 2);
  EXPECT_NE(problems[0].find("2 times the same answer"), std::string::npos) << problems[0];
  EXPECT_NE(problems[1].find("summ"), std::string::npos) << problems[1];
}

TEST(ProblemTasks, EachTwoModelsAreComparedOnce) {
  std::vector<Record> records;
  const Task task = problem_tasks(kSums).front();
  const testing::Folder folder;
  for (const char* const model : {"a", "b", "c"}) {
    Oracle oracle([](const Request&) -> Reply { return {.text = "1", .tokens = 1}; });
    const QuestionSet set = read_questions(task, {.form = Form::kChat});
    Examination examination({.task = task,
                             .set = set,
                             .form = Form::kChat,
                             .model = model,
                             .record = folder.path() / model});
    examination.ask(oracle, [](const EvaluationState&) {});
    records.push_back(examination.finish());
  }
  std::string pairs;
  for (const Comparison& one : compare_all(records)) {
    pairs += one.a + one.b + " ";
  }
  EXPECT_EQ(pairs, "ab ac bc ");
  const Json json =
      parse_json(to_text(table_of(records), compare_all(records), Output::kJson), "the table");
  EXPECT_EQ(json["differences"].size(), 3);
}

}  // namespace
}  // namespace rq::eval
