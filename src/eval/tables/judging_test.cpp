// Answers that another model marks: what it is asked, what its words are worth, and what is kept.

#include "eval/tables/judging.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/signals.h"
#include "eval/tables/board.h"
#include "eval/tables/cell.h"
#include "eval/tables/evaluate.h"
#include "eval/tables/output.h"
#include "eval/tables/testing/small_task.h"

namespace rq::eval {
namespace {

using testing::Oracle;

constexpr std::string_view kRows =
    "{\"q\": \"Who?\", \"answer\": \"Ann\", \"other\": \"It was Ann.\"}\n"
    "{\"q\": \"When?\", \"answer\": \"1900\", \"other\": \"In 1900.\"}\n";

constexpr std::string_view kTask = R"(
title = "Open"
kind = "generation"
[data]
files = ["rows.jsonl"]
[prompt]
question = "{{ q }}"
[answer]
right = "answer"
compare = "judge"
[judge]
verdict = '\[\[(.*?)\]\]'
)";
const std::string kLabels = std::string(kTask) +
                            "prompt = \"{{ q }}|{{ row.answer }}|{{ right }}|{{ answer }}\"\n"
                            "worth = { YES = 1, NO = 0 }\n";
const std::string kNumbers =
    std::string(kTask) + "prompt = \"{{ q }} {{ answer }}\"\nleast = 1\nmost = 5\n";
const std::string kPairs = std::string(kTask) +
                           "prompt = \"{{ first }} / {{ second }}\"\nagainst = \"other\"\n"
                           "worth = { A = 1, B = 0, C = 0.5 }\n";

Reply says(std::string text) {
  return {.text = std::move(text), .tokens = 3};
}

std::string user_of(const Request& request) {
  return request.messages.back()["content"].get<std::string>();
}

// What the model answers is "mine" everywhere.
class JudgingTest : public ::testing::Test {
 protected:
  Record run(const std::string& toml, Oracle& judge) {
    Oracle model([](const Request&) { return says("mine"); });
    return run(toml, model, judge);
  }

  Record run(const std::string& toml, Oracle& model, Oracle& judge) {
    const Task task = folder_.task(toml);
    const QuestionSet set = read_questions(task, {.data = folder_.path()});
    Examination examination(
        {.task = task, .set = set, .model = "model", .record = folder_.path() / "record.jsonl"});
    examination.ask(model, [](const EvaluationState&) {});
    examination.judge("judge", judge, [](const EvaluationState&) {});
    return examination.finish();
  }

  Record read() const { return read_record(folder_.path() / "record.jsonl"); }

  testing::Folder folder_;
  const std::filesystem::path rows_ = folder_.write("rows.jsonl", kRows);
};

TEST_F(JudgingTest, TheJudgeIsToldTheRowTheRightAnswerAndTheModels) {
  std::vector<std::string> asked;
  Oracle judge([&](const Request& request) {
    EXPECT_EQ(request.temperature, 0);
    asked.push_back(user_of(request));
    return says("[[YES]]");
  });
  run(kLabels, judge);
  EXPECT_EQ(asked, (std::vector<std::string>{"Who?|Ann|Ann|mine", "When?|1900|1900|mine"}));
}

TEST_F(JudgingTest, ALabelIsWorthWhatTheTaskSays) {
  Oracle judge([](const Request& request) {
    return says(user_of(request).starts_with("Who") ? "I think [[NO]], or [[YES]]" : "[[NO]]");
  });
  const Record record = run(kLabels, judge);
  EXPECT_DOUBLE_EQ(cell_of(record).value, 50);
  EXPECT_EQ(record.lines[0].mark.notes[0], "YES");
  EXPECT_NE(to_text(table_of({record}), Output::kMarkdown).find("NO 50.0, YES 50.0"),
            std::string::npos);
}

TEST_F(JudgingTest, ANumberCountsAsItsPlaceInItsRange) {
  Oracle judge([](const Request& request) {
    return says(user_of(request).starts_with("Who") ? "[[4]]" : "[[2.0]]");
  });
  const Record record = run(kNumbers, judge);
  EXPECT_DOUBLE_EQ(record.lines[0].mark.score, 0.75);
  EXPECT_DOUBLE_EQ(cell_of(record).value, 50);
}

TEST_F(JudgingTest, AJudgeThatPrefersThePlaceGivesHalf) {
  Oracle judge([](const Request&) { return says("[[A]]"); });
  EXPECT_DOUBLE_EQ(cell_of(run(kPairs, judge)).value, 50);
  EXPECT_EQ(judge.asked, 4);
}

TEST_F(JudgingTest, AWinInBothOrdersAndATieMakeAWinRate) {
  Oracle judge([](const Request& request) {
    const std::string text = user_of(request);
    return says(text == "mine / It was Ann."   ? "[[A]]"
                : text == "It was Ann. / mine" ? "[[B]]"
                                               : "[[C]]");
  });
  const Record record = run(kPairs, judge);
  EXPECT_DOUBLE_EQ(record.lines[0].mark.score, 1);
  EXPECT_DOUBLE_EQ(record.lines[1].mark.score, 0.5);
  EXPECT_DOUBLE_EQ(cell_of(record).value, 75);
}

TEST_F(JudgingTest, NonsenseIsCountedAsUnjudgedAndNotAsWrong) {
  for (const char* const nonsense : {"[[6]]", "[[0.5]]", "[[4 of 5]]", "four", "", "[[nan]]"}) {
    Oracle judge([&](const Request& request) {
      return says(user_of(request).starts_with("Who") ? "[[5]]" : nonsense);
    });
    const Cell cell = cell_of(run(kNumbers, judge));
    EXPECT_DOUBLE_EQ(cell.value, 100) << nonsense;
    EXPECT_EQ(cell.questions, 1) << nonsense;
    EXPECT_EQ(cell.unjudged, 1) << nonsense;
    std::filesystem::remove(folder_.path() / "record.jsonl");
  }
}

TEST_F(JudgingTest, OneOrderWithoutAVerdictLeavesTheAnswerUnjudged) {
  Oracle judge([](const Request& request) {
    return says(user_of(request).starts_with("mine") ? "[[A]]" : "[[D]]");
  });
  const Cell cell = cell_of(run(kPairs, judge));
  EXPECT_EQ(cell.unjudged, 2);
  EXPECT_FALSE(cell.estimate.has_value());
  EXPECT_NE(cell.why_unjudged.find("\"D\""), std::string::npos) << cell.why_unjudged;
  EXPECT_TRUE(cell.verdicts.empty());
}

TEST_F(JudgingTest, WhatCannotBeReadIsToldInOneLineOfWholeCharacters) {
  Oracle judge([](const Request&) { return says("安" + std::string(97, 'a') + "\nb"); });
  const Cell cell = cell_of(run(kLabels, judge));
  EXPECT_EQ(cell.why_unjudged, "no verdict is found in \"" + std::string(97, 'a') + " b\"");
}

TEST_F(JudgingTest, TheTableSaysWhatWasNotJudgedAndWhoJudged) {
  Oracle judge([](const Request& request) {
    return user_of(request).starts_with("Who") ? says("[[5]]") : Reply{.failure = "busy"};
  });
  const Table table = table_of({run(kNumbers, judge)});
  const std::string text = to_text(table, Output::kMarkdown);
  EXPECT_NE(text.find("100.0 ± "), std::string::npos) << text;
  EXPECT_NE(text.find("°"), std::string::npos) << text;
  EXPECT_NE(
      text.find(
          "Open, model: answered, but not judged, and not counted: 1 of 2 questions; the first: "
          "busy."),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("; judge judge d, oracle"), std::string::npos) << text;
  EXPECT_EQ(to_json(table)["rows"][0]["cells"][0]["unjudged"], 1);
}

TEST_F(JudgingTest, AnAnswerThatIsNoneIsWrongWithoutTheJudge) {
  Oracle silent([](const Request&) { return says("<think>hm"); });
  Oracle judge([](const Request&) { return says("[[YES]]"); });
  const Cell cell = cell_of(run(kLabels, silent, judge));
  EXPECT_EQ(judge.asked, 0);
  EXPECT_EQ(cell.without_answer, 2);
  EXPECT_DOUBLE_EQ(cell.value, 0);
}

TEST_F(JudgingTest, TheRecordMakesTheSameTableAgain) {
  Oracle judge([](const Request& request) {
    return says(user_of(request).starts_with("Who") ? "[[5]]" : "no idea");
  });
  const std::string text = to_text(table_of({run(kNumbers, judge)}), Output::kJson);
  EXPECT_EQ(to_text(table_of({read()}), Output::kJson), text);
  EXPECT_EQ(read().lines[0].judgements[0].text, "[[5]]");
}

TEST_F(JudgingTest, AKilledRunAsksNeitherModelNorJudgeTwice) {
  Oracle model([](const Request&) { return says("mine"); });
  Oracle killed([count = 0](const Request&) mutable {
    if (++count == 2) {
      throw Interrupted();
    }
    return says("[[YES]]");
  });
  EXPECT_THROW(run(kLabels, model, killed), Interrupted);
  Oracle judge([](const Request&) { return says("[[NO]]"); });
  EXPECT_DOUBLE_EQ(cell_of(run(kLabels, model, judge)).value, 50);
  EXPECT_EQ(model.asked, 2);
  EXPECT_EQ(judge.asked, 1);
  run(kLabels, model, judge);
  EXPECT_EQ(model.asked + judge.asked, 3);
}

TEST_F(JudgingTest, AJudgeThatDidNotComeIsAskedAgainNextTime) {
  Oracle model([](const Request&) { return says("mine"); });
  Oracle busy([](const Request&) { return Reply{.failure = "busy"}; });
  EXPECT_EQ(cell_of(run(kLabels, model, busy)).unjudged, 2);
  Oracle judge([](const Request&) { return says("[[YES]]"); });
  EXPECT_DOUBLE_EQ(cell_of(run(kLabels, model, judge)).value, 100);
  EXPECT_EQ(model.asked, 2);
}

TEST_F(JudgingTest, RecordsOfDifferentJudgesAreNotCompared) {
  Oracle judge([](const Request&) { return says("[[YES]]"); });
  const Record a = run(kLabels, judge);
  Record b = a;
  b.making.judge["identity"]["digest"] = "e";
  EXPECT_TRUE(difference_of(a, a).has_value());
  EXPECT_THROW(difference_of(a, b), Error);
}

// A row as the data set is published, and what of it the judge has to be told.
struct PublishedRow {
  const char *task, *file, *text, *told;
};

TEST(JudgedTasks, ReadTheFilesThatTheirDataArePublishedIn) {
  const PublishedRow rows[] = {
      {"simpleqa",
       "simple_qa_test_set.csv",
       "metadata,problem,answer\n\"{'topic': 'Art', 'urls': ['a', 'b']}\",\"Who, of all?\",Ann\n",
       "Question: Who, of all?\nRight answer: Ann\nAnswer to judge: mine\n"},
      {"c-simpleqa",
       "chinese_simpleqa.jsonl",
       "{\"id\": \"x\", \"question\": \"谁？\", \"answer\": \"安\"}\n",
       "问题：谁？\n正确答案：安\n待评的回答：mine\n"},
      {"frames",
       "test.tsv",
       "\tPrompt\tAnswer\twiki_links\n0\tWho?\tAnn\t['a']\n",
       "Question: Who?\nRight answer: Ann\nAnswer to judge: mine\n"},
      {"alpaca-eval",
       "alpaca_eval_gpt4_baseline.json",
       "[{\"instruction\": \"Sing.\", \"output\": \"La.\", \"generator\": \"g\", \"dataset\": "
       "\"d\"}]",
       "<answer-a>\nmine\n</answer-a>\n\n<answer-b>\nLa.\n</answer-b>"},
      {"arena-hard",
       "question.jsonl",
       "{\"question_id\": \"b\", \"turns\": [{\"content\": \"Sing.\"}]}\n",
       "<answer-a>\nmine\n</answer-a>\n\n<answer-b>\nLa.\n</answer-b>"}};
  for (const PublishedRow& row : rows) {
    const testing::Folder folder;
    const Task task = load_task(row.task);
    const std::string data = task.config.data.folder + "/";
    folder.write(data + row.file, row.text);
    folder.write(
        data + "model_answer/gpt-4-0314.jsonl",
        "{\"question_id\": \"a\", \"choices\": [{\"turns\": [{\"content\": \"No.\"}]}]}\n"
        "{\"question_id\": \"b\", \"choices\": [{\"turns\": [{\"content\": \"La.\"}]}]}\n");
    const QuestionSet set = read_questions(task, {.data = folder.path(), .form = Form::kChat});
    const Judging judging(task);
    const std::string asked = user_of(judging.requests(set.questions.at(0), "mine").front());
    EXPECT_NE(asked.find(row.told), std::string::npos) << row.task << ": " << asked;
    for (const auto& [verdict, worth] : task.config.judge.worth) {
      const std::vector<Reply> said(judging.orders(), says("A B. I say [[" + verdict + "]]"));
      const Judgement judgement = judging(said);
      EXPECT_EQ(judgement.failure, "") << row.task << ": " << verdict;
      EXPECT_DOUBLE_EQ(judgement.score, judging.orders() == 2 ? 0.5 : worth) << verdict;
    }
  }
}

TEST(JudgeSettings, WhatCannotBeIsRefused) {
  const testing::Folder folder;
  const auto error_of = [&](const std::string& toml, const std::vector<std::string>& overrides) {
    try {
      folder.task(toml, overrides);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(error_of(kPairs, {}), "");
  EXPECT_NE(error_of(kLabels, {"judge.worth.YES=2"}).find("judge.worth.YES=2"), std::string::npos);
  EXPECT_NE(error_of(kNumbers, {"judge.most=1"}).find("judge.least=1"), std::string::npos);
  EXPECT_NE(error_of(kNumbers, {"judge.prompt=\"{{ q }}\""}).find("judged alike"),
            std::string::npos);
  EXPECT_NE(error_of(kLabels, {"judge.against=\"other\""}).find("{{ second }}"), std::string::npos);
  EXPECT_NE(error_of(kNumbers, {"judge.against=\"other\""}).find("needs judge.worth"),
            std::string::npos);
  EXPECT_NE(error_of(kNumbers, {"judge.verdict=\"\""}).find("judge.verdict is missing"),
            std::string::npos);
  EXPECT_NE(error_of(kNumbers, {"answer.compare=\"exact\""}).find("answer.compare=judge"),
            std::string::npos);
}

}  // namespace
}  // namespace rq::eval
