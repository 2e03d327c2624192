#include "pipeline/run_description.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "base/signals.h"
#include "pipeline/internal/attendant.h"
#include "pipeline/internal/test_kinds.h"
#include "pipeline/runner.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

// A run of two processes, one after the other.
class DescribeRun : public testing::Test {
 public:
  DescribeRun() {
    fs::remove_all(folder_);
    write_file(folder_ / "r.toml",
               "name = 'r'\nseed = 7\n"
               "[process.one]\nkind = 'fake'\nmakes = 'a'\n"
               "[process.two]\nkind = 'fake'\nfrom = ['a']\nmakes = 'b'\n");
  }
  ~DescribeRun() override {
    request_stop(false);
    fs::remove_all(folder_);
  }

 protected:
  void run() {
    run_recipe({.recipe = folder_ / "r.toml", .run_dir = run_dir_, .command = {"rorqual", "run"}},
               fake_kinds(world_));
  }
  report::Run described() const { return describe_run(run_dir_, fake_kinds(world_)); }
  static bool is_missed(const report::Run& run, std::string_view words) {
    return std::ranges::any_of(run.missing, [&](const std::string& sentence) {
      return sentence.find(words) != std::string::npos;
    });
  }

  fs::path folder_ =
      fs::path(testing::TempDir()) / ("rorqual_description_" + std::to_string(::getpid()));
  fs::path run_dir_ = folder_ / "run";
  std::shared_ptr<FakeWorld> world_ = std::make_shared<FakeWorld>();
};

TEST_F(DescribeRun, AFinishedRunIsDoneInEveryBoxAndItsFlowchartLiesInItsFolder) {
  run();
  const report::Run run = described();
  EXPECT_TRUE(run.missing.empty()) << run.missing.front();
  EXPECT_EQ(run.name, "r");
  EXPECT_EQ(run.seed, 7);
  ASSERT_EQ(run.steps.size(), 2U);
  EXPECT_EQ(run.steps[1].tokens, 100);
  EXPECT_EQ(run.steps[1].attempts, 1);
  EXPECT_TRUE(std::ranges::all_of(run.flow.boxes, [](const report::FlowBox& box) {
    return box.state == report::State::kDone;
  }));
  EXPECT_NE(read_file(run_dir_ / "flow.svg").find("process.two: done"), std::string::npos);
}

TEST_F(DescribeRun, WhatItWasMadeWithStandsInItsFolder) {
  run();
  const Json environment = read_json(run_dir_ / "work" / "environment.json");
  EXPECT_EQ(environment["command"], (Json{"rorqual", "run"}));
  EXPECT_GT(environment["cores"], 0);
}

TEST_F(DescribeRun, AProcessThatFailedIsShownAsFailedAndTheNextAsWaiting) {
  world_->on_run = [](Context&) { fail("no more"); };
  EXPECT_THROW(run(), Error);
  const report::Run run = described();
  EXPECT_EQ(run.steps[0].state, report::State::kFailed);
  EXPECT_EQ(run.steps[1].state, report::State::kWaiting);
  EXPECT_NE(read_file(run_dir_ / "flow.svg").find("process.one: failed"), std::string::npos);
}

TEST_F(DescribeRun, WithoutItsPlanTheRecipeAndTheLedgerTellWhatTheyCan) {
  run();
  fs::remove(run_dir_ / "work" / "plan.json");
  const report::Run run = described();
  EXPECT_TRUE(is_missed(run, "plan.json"));
  ASSERT_EQ(run.steps.size(), 2U);
  EXPECT_EQ(run.steps[0].state, report::State::kDone);
  EXPECT_EQ(run.steps[0].tokens, 100);
}

TEST_F(DescribeRun, ARecipeOfAnotherVersionIsSaidAndItsStepsAreShown) {
  run();
  write_file(run_dir_ / "recipe.toml",
             "name = 'r'\n[process.one]\nkind = 'fake'\nmakes = 'a'\nolder = 1\n"
             "[process.two]\nkind = 'alchemy'\nmakes = 'b'\n");
  const report::Run run = described();
  EXPECT_TRUE(is_missed(run, "alchemy"));
  EXPECT_EQ(run.steps.size(), 2U);
  write_file(run_dir_ / "recipe.toml", "name = ");
  EXPECT_TRUE(is_missed(described(), "recipe.toml cannot be read"));
  EXPECT_TRUE(described().flow.boxes.empty());
}

TEST_F(DescribeRun, AnEmptyFolderIsARunOfWhichAllIsMissing) {
  make_folder(run_dir_);
  const report::Run run = described();
  EXPECT_TRUE(run.steps.empty());
  EXPECT_FALSE(run.missing.empty());
}

TEST_F(DescribeRun, AFolderThatIsNotThereIsAnError) {
  EXPECT_THROW(described(), Error);
}

class Attended : public DescribeRun {
 protected:
  Attended() { make_folder(run_dir_ / "work"); }
  bool is_stopped_soon() const {
    for (int look = 0; look < 5'000 && !stop_requested(); ++look) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return stop_requested();
  }
  const Recipe recipe_;
  const Graph graph_;
};

TEST_F(Attended, AWishToStopIsHeededAsASignalIs) {
  const internal::Attendant attendant(recipe_, graph_, run_dir_, std::chrono::milliseconds(1));
  write_file(run_dir_ / "work" / "stop", "");
  EXPECT_TRUE(is_stopped_soon());
  EXPECT_FALSE(fs::exists(run_dir_ / "work" / "stop")) << "the next run would stop too";
}

TEST_F(Attended, AWishFromBeforeIsForgotten) {
  write_file(run_dir_ / "work" / "stop", "");
  const internal::Attendant attendant(recipe_, graph_, run_dir_);
  EXPECT_FALSE(fs::exists(run_dir_ / "work" / "stop"));
  EXPECT_FALSE(stop_requested());
}

}  // namespace
}  // namespace rq::pipeline
