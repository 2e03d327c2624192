#include "eval/tables/record.h"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/signals.h"
#include "eval/tables/answer_file.h"
#include "eval/tables/cell.h"
#include "eval/tables/evaluate.h"
#include "eval/tables/testing/small_task.h"

namespace rq::eval {
namespace {

using testing::Oracle;

constexpr std::string_view kRows =
    "{\"q\": \"1 + 1\", \"right\": 2}\n{\"q\": \"1 + 2\", \"right\": 3}\n"
    "{\"q\": \"2 + 2\", \"right\": 4}\n{\"q\": \"2 + 3\", \"right\": 5}\n";

class RecordTest : public ::testing::Test {
 protected:
  Record run(Subject& oracle) {
    const QuestionSet set = read_questions(task_, {.data = folder_.path()});
    Examination examination(
        {.task = task_, .set = set, .model = "oracle", .record = folder_.path() / "record.jsonl"});
    examination.ask(oracle, [](const EvaluationState&) {});
    return examination.finish();
  }

  testing::Folder folder_;
  const std::filesystem::path rows_ = folder_.write("rows.jsonl", kRows);
  const Task task_ = folder_.task(testing::kAnswers);
};

Reply says(std::string text, bool is_cut = false) {
  return {.text = std::move(text), .tokens = 3, .is_cut = is_cut};
}

TEST_F(RecordTest, HoldsAllThatTheTableIsMadeOf) {
  Oracle oracle([](const Request& request) {
    return request.context == "1 + 1 =" ? says("2") : says("17", request.context == "2 + 2 =");
  });
  const Cell cell = cell_of(run(oracle));
  EXPECT_DOUBLE_EQ(cell.value, 25);
  EXPECT_EQ(cell.questions, 4);
  EXPECT_EQ(cell.cut, 1);
  EXPECT_DOUBLE_EQ(cell.mean_tokens, 3);
  const Cell again = cell_of(read_record(folder_.path() / "record.jsonl"));
  EXPECT_EQ(again.value, cell.value);
  EXPECT_EQ(again.estimate->interval.high, cell.estimate->interval.high);
  EXPECT_EQ(again.making->as_json(), cell.making->as_json());
}

TEST_F(RecordTest, AnswersOfAFileAreEachOfItsOwnQuestionHoweverAlikeTheyAre) {
  folder_.write("rows.jsonl",
                "{\"q\": \"1 + 1\", \"right\": 2}\n{\"q\": \"1 + 1\", \"right\": 2}\n");
  AnswerFile file(folder_.write(
      "answers.jsonl", "{\"id\": \"1\", \"text\": \"2\"}\n{\"id\": \"2\", \"text\": \"3\"}\n"));
  const Record record = run(file);
  EXPECT_EQ(record.lines.at(0).replies.at(0).text, "2");
  EXPECT_EQ(record.lines.at(1).replies.at(0).text, "3");
}

TEST_F(RecordTest, WhatItHoldsIsNotAskedAgain) {
  Oracle oracle([](const Request&) { return says("2"); });
  run(oracle);
  run(oracle);
  EXPECT_EQ(oracle.asked, 4);
}

TEST_F(RecordTest, AKilledRunGoesOnBehindHalfALine) {
  Oracle broken([count = 0](const Request&) mutable {
    if (++count == 3) {
      throw Interrupted();
    }
    return says("2");
  });
  EXPECT_THROW(run(broken), Interrupted);
  std::ofstream(folder_.path() / "record.jsonl.part", std::ios::app) << "{\"key\": \"ab";
  Oracle oracle([](const Request&) { return says("3"); });
  EXPECT_EQ(run(oracle).lines[1].replies[0].text, "2");
  EXPECT_EQ(oracle.asked, 2);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "record.jsonl.part"));
}

TEST_F(RecordTest, QuestionsWithoutAReplyAreCountedAndNotScored) {
  Oracle oracle([](const Request& request) {
    return request.context == "1 + 1 =" ? Reply{.failure = "busy"} : says("3");
  });
  const Cell cell = cell_of(run(oracle));
  EXPECT_EQ(cell.unanswered, 1);
  EXPECT_EQ(cell.why_unanswered, "busy");
  EXPECT_EQ(cell.questions, 3);
  EXPECT_NEAR(cell.value, 100.0 / 3, 1e-9);
  run(oracle);
  EXPECT_EQ(oracle.asked, 5);  // the one is asked again
}

TEST_F(RecordTest, TwoModelsAreComparedOverWhatBothAnswered) {
  Oracle good([](const Request& request) {
    return request.context == "1 + 1 =" ? Reply{.failure = "busy"}
                                        : says(request.context == "1 + 2 =" ? "3" : "4");
  });
  const Record a = run(good);
  std::filesystem::remove(folder_.path() / "record.jsonl");
  Oracle bad([](const Request&) { return says("0"); });
  const auto difference = difference_of(a, run(bad));
  ASSERT_TRUE(difference.has_value());
  EXPECT_EQ(difference->questions, 3);
  EXPECT_NEAR(difference->difference.mean, 200.0 / 3, 1e-9);
  EXPECT_EQ(difference->only_a, 2);
  EXPECT_EQ(difference->only_b, 0);
}

TEST(Record, AFileOfOthersIsNoRecord) {
  const testing::Folder folder;
  EXPECT_THROW(read_record(folder.write("x.jsonl", "{\"a\": 1}\n")), Error);
  EXPECT_THROW(read_record(folder.write("y.jsonl", "")), Error);
}

}  // namespace
}  // namespace rq::eval
