#include "eval/tables/task.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "eval/tables/testing/small_task.h"

namespace rq::eval {
namespace {

using testing::Folder;
using testing::kAnswers;
using testing::kChoices;

constexpr std::string_view kRows =
    "{\"q\": \"1 + 1\", \"options\": [\"2\", \"3\"], \"right\": 0}\n"
    "{\"q\": \"1 + 2\", \"options\": [\"2\", \"3\"], \"right\": 1}\n"
    "{\"q\": \"0 + 2\", \"options\": [\"2\", \"3\"], \"right\": 0}\n";

template <typename Action>
std::string error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(Task, EveryOneThatIsPartOfTheProgramCanBeRead) {
  const std::vector<std::string> names = task_names();
  EXPECT_GE(names.size(), 48);
  for (const std::string& name : names) {
    const Task task = load_task(name);
    EXPECT_FALSE(task.config.section.empty()) << name;
    EXPECT_FALSE(task.config.licence.empty()) << name;
    EXPECT_NE(error_of([&] { read_questions(task, {.data = "/nowhere"}); }).find("/nowhere"),
              std::string::npos)
        << name;
  }
}

TEST(Task, AMisspelledNameIsToldTheNearest) {
  EXPECT_NE(error_of([] { load_task("helaswag"); }).find("did you mean hellaswag?"),
            std::string::npos);
}

TEST(Task, WhatIsWrongInAFileIsToldAllAtOnceWithItsLines) {
  const Folder folder;
  const std::string error = error_of([&] { folder.task("title = 3\nkin = \"choice\"\n"); });
  EXPECT_NE(error.find("small.toml:1: title is 3"), std::string::npos) << error;
  EXPECT_NE(error.find("small.toml:2: "), std::string::npos) << error;
}

TEST(Task, ItsDigestChangesWithWhatIsAskedAndNotWithItsWords) {
  const Folder folder;
  const Task task = folder.task(kChoices);
  EXPECT_EQ(folder.task(kChoices, {"title=\"Other\""}).digest(), task.digest());
  EXPECT_NE(folder.task(kChoices, {"shots.count=1"}).digest(), task.digest());
}

TEST(Questions, ChoicesFollowTheQuestionBehindTheShots) {
  const Folder folder;
  folder.write("rows.jsonl", kRows);
  const Task task = folder.task(kChoices, {"shots.count=1"});
  const QuestionSet set = read_questions(task, {.data = folder.path()});
  ASSERT_EQ(set.questions.size(), 3);
  const Question& first = set.questions[0];
  ASSERT_EQ(first.requests.size(), 2);
  EXPECT_EQ(first.requests[1].context, "Q: 1 + 2\nA: 3\n\nQ: 1 + 1\nA:");  // never itself
  EXPECT_EQ(first.requests[1].continuation, " 3");
  EXPECT_EQ(set.questions[1].requests[0].context, "Q: 1 + 1\nA: 2\n\nQ: 1 + 2\nA:");
  EXPECT_EQ(first.right, 0);
}

TEST(Questions, ShotsThatAreDrawnAreTheSameWhereverTheDataLie) {
  std::vector<std::string> contexts;
  for (int i = 0; i < 2; ++i) {
    const Folder folder;
    folder.write(i == 0 ? "a/rows.jsonl" : "b/rows.jsonl", kRows);
    const Task task = folder.task(kChoices,
                                  {"shots.count=2",
                                   "shots.select=\"drawn\"",
                                   i == 0 ? "data.folder=\"a\"" : "data.folder=\"b\""});
    contexts.push_back(
        read_questions(task, {.data = folder.path()}).questions[0].requests[0].context);
  }
  EXPECT_EQ(contexts[0], contexts[1]);
}

TEST(Questions, ALimitSpreadsOverAllRows) {
  const Folder folder;
  folder.write("rows.jsonl", kRows);
  const QuestionSet set =
      read_questions(folder.task(kChoices), {.data = folder.path(), .limit = 2});
  ASSERT_EQ(set.questions.size(), 2);
  EXPECT_EQ(set.questions[1].id, "2");
  EXPECT_EQ(set.rows, 3);
}

TEST(Questions, AMissingMemberAndAWrongPlaceAreNamedWithFileAndLine) {
  const Folder folder;
  folder.write("rows.jsonl", "{\"q\": 1, \"options\": [], \"right\": 0}\n{\"q\": 1}\n");
  const auto error = [&] {
    return error_of([&] { read_questions(folder.task(kChoices), {.data = folder.path()}); });
  };
  EXPECT_NE(error().find("rows.jsonl:2: there is no member \"options\""), std::string::npos);
  folder.write("rows.jsonl", "{\"q\": 1, \"options\": [\"a\"], \"right\": 1}\n");
  EXPECT_NE(error().find("rows.jsonl:1: choice.right is 1, no place among 1 choices"),
            std::string::npos);
}

TEST(Questions, ARowWithoutTheOneToJoinIsNamed) {
  const Folder folder;
  folder.write("rows.jsonl", "{\"q\": \"1 + 1\", \"right\": 2, \"id\": 3}\n");
  folder.write("others.jsonl", "{\"id\": 4}\n");
  const Task task = folder.task(kAnswers, {"data.join={files=[\"others.jsonl\"],on=\"id\"}"});
  EXPECT_NE(error_of([&] {
              read_questions(task, {.data = folder.path()});
            }).find("rows.jsonl:1: no row of others.jsonl has the same id"),
            std::string::npos);
  folder.write("others.jsonl", "{\"id\": 4}\n{\"id\": 3, \"more\": true}\n");
  const QuestionSet set = read_questions(task, {.data = folder.path()});
  EXPECT_EQ(set.questions.at(0).row["joined"]["more"], true);
}

TEST(Questions, OfCodeforcesAreThoseThatOutputsCanJudge) {
  const Folder folder;
  Json row = {{"id", "1/A"},
              {"title", "Sum"},
              {"description", "Add them."},
              {"input_format", "Two numbers."},
              {"output_format", "One."},
              {"interaction_format", nullptr},
              {"note", nullptr},
              {"examples", {{{"input", "1 2"}, {"output", "3"}}}},
              {"official_tests", {{{"input", "2 2"}, {"output", "4"}}}},
              {"official_tests_complete", true},
              {"input_mode", "stdio"},
              {"generated_checker", nullptr}};
  Json other = row;
  other["id"] = "1/B";
  other["generated_checker"] = "import sys";
  folder.write("test.jsonl", other.dump() + "\n" + row.dump() + "\n");
  const Task task = load_task("codeforces", {"data.folder=\"\""});
  const QuestionSet set = read_questions(task, {.data = folder.path(), .form = Form::kChat});
  ASSERT_EQ(set.questions.size(), 1);
  EXPECT_EQ(set.questions[0].id, "1/A");
  EXPECT_EQ(
      set.questions[0].shown.find("Sum\n\nAdd them.\n\nInput\nTwo numbers.\n\nOutput\nOne.\n\n"
                                  "Example input\n1 2\nExample output\n3\n\nWrite a Python"),
      0)
      << set.questions[0].shown;
  EXPECT_EQ(set.questions[0].problem.value().tests.cases.size(), 1);
}

TEST(Questions, SamplesOfOneQuestionHaveSeedsOfTheirOwn) {
  const Folder folder;
  folder.write("rows.jsonl", kRows);
  const Task task = folder.task(kAnswers, {"sampling.samples=2", "sampling.temperature=1"});
  const auto set = read_questions(task, {.data = folder.path()});
  EXPECT_NE(set.questions[0].requests[0].seed, set.questions[0].requests[1].seed);
  EXPECT_NE(set.questions[0].requests[0].seed, set.questions[1].requests[0].seed);
}

TEST(Questions, AChatIsToldShotsAsTurns) {
  const Folder folder;
  folder.write("rows.jsonl", kRows);
  const Task task = folder.task(
      kAnswers, {"shots.count=1", "prompt.answer=\" {{ right }}\"", "prompt.system=\"Be brief.\""});
  const auto set = read_questions(task, {.data = folder.path(), .form = Form::kChat});
  const Json& messages = set.questions[0].requests[0].messages;
  ASSERT_EQ(messages.size(), 4);
  EXPECT_EQ(messages[0]["content"], "Be brief.");
  EXPECT_EQ(messages[2]["content"], "1");
  EXPECT_EQ(messages[3]["content"], "1 + 1 =");
}

}  // namespace
}  // namespace rq::eval
