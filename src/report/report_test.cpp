#include "report/report.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/json.h"
#include "report/testing/run_folder.h"

namespace rq::report {
namespace {

bool is_missed(const Json& report, std::string_view words) {
  return std::ranges::any_of(report["missing"], [&](const Json& sentence) {
    return sentence.get<std::string>().find(words) != std::string::npos;
  });
}

Step training(State state) {
  return {.id = "process.pretrain",
          .kind = "pretrain",
          .work_folder = "pretrain",
          .place = "models/base",
          .state = state};
}

TEST(Report, AnEmptyFolderGivesAReportThatSaysWhatIsMissing) {
  const TestFolder folder;
  const Json report = report_of(folder.run, {});
  EXPECT_TRUE(is_missed(report, "recipe.toml is not there"));
  EXPECT_TRUE(is_missed(report, "environment.json is not there"));
  EXPECT_NE(to_page(report, PageUse::kFile).find("</html>"), std::string::npos);
}

TEST(Report, BrokenFilesAreNamedAndTheRestIsShown) {
  TestFolder folder;
  folder.run.steps = {
      training(State::kFailed),
      {.id = "data.prose", .kind = "data", .work_folder = "data.prose", .place = "data/prose"}};
  folder.write("work/pretrain/metrics.jsonl",
               "{\"step\": 1, \"loss\": 2}\nxx\n{\"step\": 2, \"loss\": 1}\n");
  folder.write("work/pretrain/needle/000003.json", "{\"cells\": [{\"by_gen");
  folder.write("data/prose/manifest.json", "{");
  folder.write("models/base/config.json", "[]");
  folder.write("work/environment.json", "{");
  const Json report = report_of(folder.run, {});
  EXPECT_TRUE(is_missed(report, "metrics.jsonl has 1 lines that cannot be read"));
  EXPECT_TRUE(is_missed(report, "000003.json cannot be read"));
  EXPECT_TRUE(is_missed(report, "manifest.json cannot be read"));
  EXPECT_TRUE(is_missed(report, "config.json is no JSON object"));
  EXPECT_TRUE(is_missed(report, "the environment cannot be shown"));
  EXPECT_EQ(report["steps"][0]["curves"]["series"]["loss"], Json::array({2, 1}));
}

TEST(Report, ATrainingThatBeganWithoutAStepIsMissed) {
  TestFolder folder;
  folder.run.steps = {training(State::kRunning)};
  EXPECT_TRUE(is_missed(report_of(folder.run, {}), "no curves of process.pretrain"));
  folder.run.steps = {training(State::kWaiting)};
  EXPECT_FALSE(is_missed(report_of(folder.run, {}), "no curves"));
}

TEST(Report, NothingThatARunHoldsEndsTheScriptOfThePage) {
  TestFolder folder;
  folder.run.name = "</title><script>alert(1)</script>{{report}}";
  folder.write("recipe.toml", "# </script><script>alert(2)</script> {{title}}");
  const std::string page = to_page(report_of(folder.run, {}), PageUse::kServed);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_NE(page.find("\\u003c/script>\\u003cscript>alert(2)"), std::string::npos);
  EXPECT_NE(page.find("data-use=\"served\""), std::string::npos);
}

TEST(Report, ThePageAsksForNothingElsewhere) {
  const TestFolder folder;
  const std::string page = to_page(report_of(folder.run, {}), PageUse::kFile);
  EXPECT_EQ(page.find("src=\""), std::string::npos);
  EXPECT_EQ(page.find("<link rel=\"stylesheet\""), std::string::npos);
  EXPECT_EQ(page.find("@import"), std::string::npos);
}

TEST(Report, DataAreSummedByReasonAndTokensStandByProcess) {
  TestFolder folder;
  folder.run.steps = {
      training(State::kDone),
      {.id = "data.prose", .kind = "data", .work_folder = "data.prose", .place = "data/prose"}};
  folder.write(
      "data/prose/manifest.json",
      R"({"training": {"documents": 5, "bytes": 99}, "heldout": {"documents": 1, "bytes": 7},
                   "human_checked": false, "dropped": {"repeated": 3}, "quarantined": {"no text": 2, "not UTF-8": 1}})");
  folder.write("work/pretrain/tokens/prose/manifest.json", R"({"tokens": 42})");
  const Json row = report_of(folder.run, {})["data"][0];
  EXPECT_EQ(row["quarantined"], 3);
  EXPECT_EQ(row["documents"], 5);
  EXPECT_EQ(row["human_checked"], false);
  EXPECT_EQ(row["tokens"][0]["by"], "process.pretrain");
  EXPECT_EQ(row["tokens"][0]["tokens"], 42);
}

TEST(Report, AnswersToOneQuestionStandBesideEachOther) {
  TestFolder folder;
  folder.run.steps = {{.id = "process.r1", .kind = "rl", .work_folder = "r1"},
                      {.id = "process.distil", .kind = "synth", .work_folder = "distil"}};
  folder.write(
      "work/r1/rollouts.jsonl",
      R"({"step": 1, "problem": "p", "prompt": "2 + 2?", "answer": "4", "answers": [{"text": "5", "right": false, "reward": 0, "tokens": [1, 2], "cut": false}]})"
      "\n"
      R"({"step": 2, "problem": "q", "prompt": "1 + 1?", "answer": "2", "answers": [{"text": "2", "right": true, "reward": 1, "tokens": [1], "cut": false}]})"
      "\n");
  folder.write("work/distil/answers.jsonl",
               R"({"question": "q", "sample": 0, "text": "two", "tokens": 3, "cut": false})"
               "\n");
  const Json samples = report_of(folder.run, {})["samples"];
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[0]["prompt"], "1 + 1?") << "what most were asked comes first";
  EXPECT_EQ(samples[0]["answers"][0]["by"], "process.r1");
  EXPECT_EQ(samples[0]["answers"][0]["tokens"], 1);
  EXPECT_EQ(samples[0]["answers"][1]["text"], "two");
  EXPECT_EQ(samples[0]["answers"][1]["file"], "work/distil/answers.jsonl");
}

TEST(Report, MeasurementsAreKnownByWhatTheyHold) {
  const TestFolder folder;
  folder.write("map.json",
               R"({"model": "models/base", "cells": [{"by_generation": {"share": 1}}]})");
  folder.write("evaluation/solved.json", R"({"model": "v3", "rates": [{"name": "all"}]})");
  folder.write("evaluation/positions.json", R"({"models": [{"model": "a", "buckets": []}]})");
  folder.write("evaluation/other.json", R"({"models": 3})");
  folder.write(
      "evaluation/table.json",
      R"({"columns": [{"name": "v3"}], "rows": [{"task": "t", "cells": [null, {"value": 1, "making": {}}]}]})");
  const Json found = report_of(folder.run, {})["measurements"];
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0]["kind"], "needle");
  EXPECT_EQ(found[0]["file"], "map.json");
  EXPECT_EQ(found[1]["kind"], "position");
  EXPECT_EQ(found[2]["kind"], "pass");
  EXPECT_EQ(found[2]["file"], "evaluation/solved.json");
  EXPECT_EQ(found[3]["kind"], "table");
  EXPECT_EQ(found[3]["rows"][0]["cells"][1], (Json{{"value", 1}}));
}

TEST(Report, OfAProcessesNeedleMapsThatOfTheLastStepIsShownAndTheOneBeforeTheWork) {
  const TestFolder folder;
  for (const char* const step : {"000003", "000012", "before"}) {
    folder.write(fmt::format("work/extend/needle/{}.json", step),
                 R"({"cells": [{"by_generation": {}}]})");
  }
  const Json found = report_of(folder.run, {})["measurements"];
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]["title"], "before extend");
  EXPECT_EQ(found[1]["title"], "extend, step 12");
}

}  // namespace
}  // namespace rq::report
