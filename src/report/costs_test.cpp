#include "report/costs.h"

#include <vector>

#include <gtest/gtest.h>

#include "base/json.h"

namespace rq::report {
namespace {

std::vector<Step> example() {
  return {{.id = "data.prose", .kind = "data", .core_s = 7200},
          {.id = "process.pretrain", .kind = "pretrain", .core_s = 3600 * 95.0},
          {.id = "process.extend", .kind = "extend", .core_s = 3600 * 4.0},
          {.id = "process.sft", .kind = "sft", .core_s = 1800},
          {.id = "process.rl", .kind = "rl", .core_s = 1800},
          {.id = "evaluation.base", .kind = "evaluation", .core_s = 3600}};
}

TEST(Costs, SharesAreOfTrainingAloneAndMoneyOfAll) {
  const Json costs = costs_of(example(), {.core_hour = 0.1});
  EXPECT_EQ(costs["unit"], "core-hours");
  const Json& stages = costs["stages"];
  EXPECT_EQ(stages[0]["stage"], "data and tokenizer");
  EXPECT_TRUE(stages[0]["share"].is_null());
  EXPECT_DOUBLE_EQ(stages[0]["dollars"].get<double>(), 0.2);
  EXPECT_DOUBLE_EQ(stages[1]["share"].get<double>(), 0.95);
  EXPECT_DOUBLE_EQ(stages[2]["share"].get<double>(), 0.04);
  EXPECT_DOUBLE_EQ(stages[3]["hours"].get<double>(), 1) << "both kinds of post-training";
  EXPECT_DOUBLE_EQ(stages[4]["hours"].get<double>(), 1);
  EXPECT_TRUE(stages[4]["share"].is_null()) << "evaluation is no training";
  EXPECT_DOUBLE_EQ(costs["total"]["hours"].get<double>(), 103);
}

TEST(Costs, WhereAcceleratorsWereHeldTheirHoursCount) {
  auto steps = example();
  steps[1].device_s = 7200;
  const Json costs = costs_of(steps, {.device_hour = 2});
  EXPECT_EQ(costs["unit"], "device-hours");
  EXPECT_DOUBLE_EQ(costs["stages"][1]["dollars"].get<double>(), 4);
  EXPECT_TRUE(costs["stages"][1]["kilowatt_hours"].is_null()) << "nobody said which device it was";
  EXPECT_DOUBLE_EQ(costs["stages"][3]["hours"].get<double>(), 0);
}

TEST(Costs, EnergyIsHoursAtTheStatedPowerAndOfCoresNotKnown) {
  const Prices prices{.device_kilowatts = 1.5};
  EXPECT_TRUE(costs_of(example(), prices)["total"]["kilowatt_hours"].is_null());
  auto steps = example();
  steps[1].device_s = 7200;
  EXPECT_DOUBLE_EQ(costs_of(steps, prices)["total"]["kilowatt_hours"].get<double>(), 3);
  // 10.2 kW a node of eight.
  EXPECT_DOUBLE_EQ(costs_of({}, {})["published"][3]["kilowatt_hours"].get<double>(),
                   2'788'000 * 1.275);
}

TEST(Costs, WhatWasSpentOnAttemptsSinceReplacedIsInNoOtherNumber) {
  const Json costs =
      costs_of(example(), {.core_hour = 0.1}, {.attempts = 3, .wall_s = 9, .core_s = 7200});
  EXPECT_EQ(costs["replaced"],
            (Json{{"attempts", 3}, {"hours", 2.0}, {"dollars", 0.2}, {"wall_s", 9.0}}));
  EXPECT_DOUBLE_EQ(costs["total"]["hours"].get<double>(), 103);
}

TEST(Costs, OfNothingHaveNoShares) {
  EXPECT_TRUE(costs_of({}, {})["stages"][1]["share"].is_null());
}

TEST(Costs, DeepSeeksOwnSumToTheirPublishedTotal) {
  const Json published = costs_of({}, {})["published"];
  EXPECT_DOUBLE_EQ(published[3]["hours"].get<double>(), 2'788'000);
  EXPECT_NEAR(published[2]["share"].get<double>(), 0.002, 0.0003);
}

}  // namespace
}  // namespace rq::report
