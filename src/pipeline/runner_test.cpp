#include "pipeline/runner.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/signals.h"
#include "pipeline/internal/test_kinds.h"
#include "pipeline/ledger.h"
#include "pipeline/status.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

class Runner : public testing::Test {
 public:
  Runner() {
    fs::remove_all(folder_);
    make_folder(folder_);
    options_ = {.recipe = folder_ / "r.toml", .run_dir = folder_ / "run"};
    options_.say = [this](std::string_view line) { said_ += std::string(line) + "\n"; };
    write_recipe("");
  }
  ~Runner() override {
    request_stop(false);
    fs::remove_all(folder_);
  }

 protected:
  // a -> b -> c, and d apart; `more` goes to `a`, whose table is the last.
  void write_recipe(std::string_view more) {
    write_file(options_.recipe,
               "name = 'r'\n"
               "[process.c]\nkind = 'fake'\nfrom = ['b']\nmakes = 'c'\n"
               "[process.b]\nkind = 'fake'\nfrom = ['a']\nmakes = 'b'\n"
               "[process.d]\nkind = 'fake'\nmakes = 'd'\n"
               "[process.a]\nkind = 'fake'\nmakes = 'a'\n" +
                   std::string(more));
  }
  // What a run makes now.
  std::vector<std::string> run() {
    world_->made.clear();
    said_.clear();
    run_recipe(options_, fake_kinds(world_));
    return world_->made;
  }
  std::string error_of_run() {
    try {
      run();
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
  std::string words() const {
    std::string text;
    for (const StatusRow& row : read_status(options_.run_dir)) {
      text += row.node.id.substr(8) + std::to_string(static_cast<int>(row.word));
    }
    return text;
  }

  using Names = std::vector<std::string>;
  fs::path folder_ =
      fs::path(testing::TempDir()) / ("rorqual_runner_" + std::to_string(::getpid()));
  std::shared_ptr<FakeWorld> world_ = std::make_shared<FakeWorld>();
  RunOptions options_;
  std::string said_;
};

TEST_F(Runner, DoesEverythingInOrderOnceAndThenNothing) {
  EXPECT_EQ(run(), (Names{"d", "a", "b", "c"}));
  EXPECT_TRUE(fs::exists(folder_ / "run/models/c/made"));
  EXPECT_EQ(run(), Names{});
  EXPECT_NE(said_.find("is finished"), std::string::npos);
}

TEST_F(Runner, AChangeRedoesItsProcessAndWhatRestsOnItAndSaysWhy) {
  run();
  options_.overrides = {"process.b.steps=2"};
  EXPECT_EQ(run(), (Names{"b", "c"}));
  EXPECT_NE(said_.find("process.b is made anew: steps was 1, is 2"), std::string::npos) << said_;
  EXPECT_NE(said_.find("process.c is made anew: model.b changed"), std::string::npos) << said_;
  EXPECT_EQ(read_file(folder_ / "run/replaced/b/models/b/made"), "b");
}

TEST_F(Runner, WhatAChangeMadeVoidIsToldApartFromWhatThePresentModelsCost) {
  run();
  EXPECT_EQ(read_replaced(options_.run_dir).attempts, 0);
  options_.overrides = {"process.b.steps=2"};
  run();
  const auto rows = read_status(options_.run_dir);
  for (const StatusRow& row : rows) {
    EXPECT_EQ(row.attempts, 1) << row.node.id;
    EXPECT_EQ(row.cost.tokens, 100) << row.node.id;
  }
  const Replaced replaced = read_replaced(options_.run_dir);
  EXPECT_EQ(replaced.attempts, 2) << "b's and c's";
  EXPECT_EQ(replaced.cost.tokens, 200);
  EXPECT_NE(status_table(rows, replaced).find("spent on 2 attempts since replaced"),
            std::string::npos);
}

TEST_F(Runner, AThingThatIsGoneIsMadeAgainAndWhatRestsOnItStays) {
  run();
  fs::remove_all(folder_ / "run/models/a");
  EXPECT_EQ(run(), (Names{"a"}));
}

TEST_F(Runner, UntilRunsAProcessAndOnlyWhatItNeeds) {
  options_.until = "b";
  EXPECT_EQ(run(), (Names{"a", "b"}));
  options_.until = "process.d";
  EXPECT_EQ(run(), (Names{"d"}));
  options_.until = "bb";
  EXPECT_EQ(error_of_run(), "--until bb: there is no such process; did you mean b?");
}

TEST_F(Runner, ADryRunSaysThePlanAndWritesNothing) {
  options_.is_dry_run = true;
  EXPECT_EQ(run(), Names{});
  EXPECT_NE(said_.find("4 of 4 to do, about 4.0K tokens, 8e+06 FLOPs"), std::string::npos) << said_;
  EXPECT_FALSE(fs::exists(options_.run_dir));
}

TEST_F(Runner, MissingSourcesAreRefusedBeforeAnyWorkButNotForWhatIsDone) {
  options_.until = "a";
  run();
  world_->missing = {"nothing matches \"*.txt\""};
  options_.until = "";
  EXPECT_EQ(error_of_run(),
            options_.recipe.string() + ":10: process.d: nothing matches \"*.txt\"\n" +
                options_.recipe.string() + ":6: process.b: nothing matches \"*.txt\"\n" +
                options_.recipe.string() + ":2: process.c: nothing matches \"*.txt\"");
  EXPECT_EQ(world_->made, Names{});
}

TEST_F(Runner, UntilAsksNothingOfWhatItDoesNotRun) {
  options_.until = "d";
  run();
  world_->missing = {"nothing matches"};
  EXPECT_EQ(run(), Names{});
}

TEST_F(Runner, ChangedOutsideFilesRedoTheWorkAndMissingOnesLeaveIt) {
  run();
  world_->outside = "changed";
  EXPECT_EQ(run(), (Names{"d", "a", "b", "c"}));
  EXPECT_NE(said_.find("process.a is made anew: its source files changed"), std::string::npos)
      << said_;
  world_->outside = std::nullopt;
  EXPECT_EQ(run(), Names{});
}

TEST_F(Runner, ASecondRunInTheSameFolderIsRefused) {
  const FolderLock lock(options_.run_dir);
  EXPECT_NE(error_of_run().find("in use by another"), std::string::npos);
  EXPECT_EQ(world_->made, Names{});
}

TEST_F(Runner, AFolderThatCannotBeWrittenIsNamed) {
  write_file(folder_ / "file", "");
  options_.run_dir = folder_ / "file/run";
  EXPECT_NE(error_of_run().find("file"), std::string::npos);
  options_.is_dry_run = true;
  EXPECT_NE(error_of_run().find("not a folder"), std::string::npos);
}

TEST_F(Runner, AFolderOfAnotherRecipeIsLeftAlone) {
  run();
  options_.overrides = {"name=other"};
  EXPECT_NE(error_of_run().find("holds a run of the recipe r, not of other"), std::string::npos);
}

TEST_F(Runner, AFailureKeepsWhatIsDoneAndNamesTheProcess) {
  world_->on_run = [](Context& context) { check(context.output.filename() != "b", "no luck"); };
  EXPECT_EQ(error_of_run(), "process.b: no luck");
  EXPECT_EQ(words(), "d5a5b3c0");
  world_->on_run = [](Context&) {};
  EXPECT_EQ(run(), (Names{"b", "c"}));
}

TEST_F(Runner, AMachinesFailureStaysOne) {
  world_->on_run = [](Context&) { throw MachineError("disk full"); };
  EXPECT_THROW(run(), MachineError);
}

TEST_F(Runner, AStopBetweenTwoProcessesLosesNothing) {
  world_->on_run = [](Context&) { request_stop(); };
  EXPECT_THROW(run(), Interrupted);
  EXPECT_EQ(world_->made, (Names{"d"}));
  request_stop(false);
  world_->on_run = [](Context&) {};
  EXPECT_EQ(run(), (Names{"a", "b", "c"}));
}

TEST_F(Runner, AStoppedProcessFindsItsWorkAgainUnlessItsSettingsChanged) {
  const auto stop_in_b = [](Context& context) {
    if (context.output.filename() == "b") {
      write_file(context.work / "checkpoints/1", "half");
      throw Interrupted();
    }
  };
  world_->on_run = stop_in_b;
  EXPECT_THROW(run(), Interrupted);
  EXPECT_EQ(words(), "d5a5b2c0");

  bool has_found = false;
  world_->on_run = [&](Context& context) {
    has_found |= fs::exists(context.work / "checkpoints/1");
  };
  EXPECT_EQ(run(), (Names{"b", "c"}));
  EXPECT_TRUE(has_found);

  options_.overrides = {"process.b.steps=7"};
  has_found = false;
  run();
  EXPECT_FALSE(has_found);
}

TEST_F(Runner, CostsAreSummedOverStopsFailuresAndKills) {
  options_.until = "a";
  world_->on_run = [](Context&) { throw Interrupted(); };
  EXPECT_THROW(run(), Interrupted);
  world_->on_run = [](Context&) { fail("no luck"); };
  EXPECT_THROW(run(), Error);
  // A killed attempt leaves its heartbeat and no line.
  const Attempt killed{.id = "1-1",
                       .node = "process.a",
                       .kind = "fake",
                       .hash = read_status(options_.run_dir)[1].node.hash,
                       .cost = {.wall_s = 7, .tokens = 900}};
  write_json(folder_ / "run/work/a/cost.json", to_json(killed));
  EXPECT_EQ(read_status(options_.run_dir)[1].cost.tokens, 1100);

  world_->on_run = [](Context&) {};
  run();
  const StatusRow row = read_status(options_.run_dir)[1];
  EXPECT_EQ(row.cost.tokens, 1200);
  EXPECT_EQ(row.cost.flops, 1.5e6);
  EXPECT_GT(row.cost.wall_s, 7);
  EXPECT_GT(row.cost.peak_memory_bytes, 1 << 20);
  EXPECT_FALSE(fs::exists(folder_ / "run/work/a/cost.json"));

  std::vector<Outcome> outcomes;
  for (const Attempt& attempt : Ledger(folder_ / "run/ledger.jsonl").read()) {
    outcomes.push_back(attempt.outcome);
  }
  EXPECT_EQ(outcomes,
            (std::vector{Outcome::kStopped, Outcome::kFailed, Outcome::kKilled, Outcome::kDone}));
}

TEST_F(Runner, TheFoldersOwnRecipeContinuesTheRun) {
  run();
  options_.recipe = folder_ / "run/recipe.toml";
  EXPECT_EQ(run(), Names{});
}

TEST_F(Runner, StatusShowsTheRunningProcess) {
  std::string table;
  world_->on_run = [&](Context&) { table = status_table(read_status(options_.run_dir)); };
  options_.until = "d";
  run();
  EXPECT_NE(table.find("process.d  running"), std::string::npos) << table;
}

TEST(Ledger, ALineCutOffByACrashIsPassedOverAndTheNextIsWhole) {
  const fs::path path =
      fs::path(testing::TempDir()) / ("rorqual_ledger_" + std::to_string(::getpid()));
  fs::remove(path);
  const Ledger ledger(path);
  ledger.append({.id = "1", .node = "process.a", .cost = {.tokens = 5}});
  std::ofstream(path, std::ios::app) << "{\"id\": \"2\", \"no";
  ledger.append({.id = "3", .node = "process.a", .cost = {.tokens = 6, .peak_memory_bytes = 9}});
  EXPECT_EQ(ledger.read().size(), 2U);
  const Cost cost = sum_by_node(ledger.read()).at("process.a");
  EXPECT_EQ(cost.tokens, 11);
  EXPECT_EQ(cost.peak_memory_bytes, 9);
  fs::remove(path);
}

}  // namespace
}  // namespace rq::pipeline
