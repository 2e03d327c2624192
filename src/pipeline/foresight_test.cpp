// What a run predicts, asks and keeps, with a predictor that knows.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/signals.h"
#include "pipeline/internal/test_kinds.h"
#include "pipeline/ledger.h"
#include "pipeline/runner.h"
#include "pipeline/status.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

class Foresight : public testing::Test {
 public:
  Foresight() {
    fs::remove_all(folder_);
    make_folder(folder_);
    world_->workload = plan::Workload{};
    options_ = {.recipe = folder_ / "r.toml", .run_dir = folder_ / "run"};
    options_.say = [this](std::string_view line) { said_ += std::string(line) + "\n"; };
    options_.predict = [this](const RecipeWorkloads& recipe) {
      std::map<std::string, Prediction> predictions;
      for (const plan::Workload& work : recipe.workloads) {
        asked_.push_back(work.name);
        predictions[work.name] = {
            .wall_s = 3600, .peak_memory_bytes = std::int64_t{3} << 30, .dollars = 2};
      }
      return predictions;
    };
    write_recipe("");
  }
  ~Foresight() override {
    request_stop(false);
    fs::remove_all(folder_);
  }

 protected:
  void write_recipe(const std::string& limits) const {
    write_file(options_.recipe,
               "name = \"small\"\n[plan]\n" + limits +
                   "\n[process.a]\nkind = \"fake\"\nmakes = \"x\"\n"
                   "[process.b]\nkind = \"fake\"\nfrom = [\"x\"]\nmakes = \"y\"\n");
  }
  void run() { run_recipe(options_, fake_kinds(world_)); }
  std::string refusal() {
    try {
      run();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  fs::path folder_ = fs::path(testing::TempDir()) / "foresight_test";
  std::shared_ptr<FakeWorld> world_ = std::make_shared<FakeWorld>();
  RunOptions options_;
  std::string said_;
  std::vector<std::string> asked_;
};

TEST_F(Foresight, ATotalIsSaidBeforeAnythingIsMade) {
  world_->on_run = [&](Context&) {
    EXPECT_NE(said_.find("the plan: about 2h 00m, 3.0 GiB of memory, 4.00 dollars"),
              std::string::npos)
        << said_;
  };
  run();
  EXPECT_EQ(asked_, (std::vector<std::string>{"process.a", "process.b"}));
}

TEST_F(Foresight, WhatWasPredictedStandsBesideWhatWasMeasured) {
  run();
  for (const Attempt& attempt : Ledger(options_.run_dir / "ledger.jsonl").read()) {
    EXPECT_EQ(attempt.predicted_wall_s, 3600);
    EXPECT_EQ(attempt.predicted_peak_memory_bytes, std::int64_t{3} << 30);
    EXPECT_GT(attempt.cost.wall_s, 0);
  }
  const std::string table = status_table(read_status(options_.run_dir));
  EXPECT_NE(table.find("predicted wall"), std::string::npos);
  EXPECT_NE(table.find("1h 00m"), std::string::npos) << table;
}

TEST_F(Foresight, PastTheRecipesLimitNothingBeginsUnlessSomebodyAgrees) {
  write_recipe("ask_above_hours = 1.5");
  EXPECT_EQ(refusal(),
            "small: it will take about 2h 00m, above plan.ask_above_hours=1.5; nothing was begun, "
            "--agree begins it");
  EXPECT_TRUE(world_->made.empty());
  write_recipe("ask_above_dollars = 3");
  EXPECT_NE(refusal().find("4.00 dollars, above plan.ask_above_dollars=3"), std::string::npos);
  options_.agree = [](std::string_view) { return true; };
  EXPECT_EQ(refusal(), "");
  EXPECT_EQ(world_->made.size(), 2);
}

TEST_F(Foresight, WithinTheLimitNobodyIsAsked) {
  write_recipe("ask_above_hours = 2.5\nask_above_dollars = 5");
  options_.agree = [](std::string_view) -> bool { throw Error("asked"); };
  EXPECT_EQ(refusal(), "");
}

TEST_F(Foresight, ARunThatGoesOnKeepsItsPredictionsAndCountsWhatIsLeft) {
  world_->on_run = [](Context& context) {
    if (context.output.filename() == "y") {
      fail("no power");
    }
  };
  EXPECT_NE(refusal(), "");
  asked_.clear();
  said_.clear();
  world_->on_run = [](Context&) {};
  run();
  EXPECT_TRUE(asked_.empty());
  EXPECT_NE(said_.find("the plan: about 1h 00m"), std::string::npos) << said_;
}

TEST_F(Foresight, LimitsBelowZeroAreRefused) {
  write_recipe("ask_above_hours = -1");
  EXPECT_NE(refusal().find("ask_above_hours=-1"), std::string::npos);
}

}  // namespace
}  // namespace rq::pipeline
