// What drawing answers takes, against numbers worked out by hand.

#include <string>

#include <gtest/gtest.h>

#include "plan/device.h"
#include "plan/flops.h"
#include "plan/memory.h"
#include "plan/process_plan.h"
#include "plan/timing.h"
#include "plan/whole_plan.h"

namespace rq::plan {
namespace {

Cluster processor() {
  return {.name = "this",
          .device = {.title = "a processor",
                     .fp32_tflops = 1e-3,
                     .memory_gb = 1e6,
                     .program_gb = 0,
                     .judging_s = 3}};
}

// Nothing is read before answers of 10 tokens on average.
Workload drawing(double answers, double most_tokens) {
  Workload work{.name = "process.teach", .kind = "synth"};
  work.shape.layers = 2;
  work.shape.mtp_layers = 0;
  work.has_prediction = false;
  work.row_tokens = 10;
  work.generation = {.answers = answers, .answer_tokens = 10, .most_tokens = most_tokens};
  return work;
}

GenerationPlan planned(const Workload& work, const Efficiency& efficiency = 1) {
  return plan_process(work, processor(), {}, efficiency).generation;
}

TEST(GenerationPlan, OfAStepsAnswersTheLongestEndsIt) {
  Workload work = drawing(8, 40);
  work.generation.at_once = 4;
  const GenerationPlan plan = planned(work);
  EXPECT_DOUBLE_EQ(plan.at_once, 4 * 10.0 / 40) << "a quarter is under way on average";
  EXPECT_DOUBLE_EQ(plan.seconds, 2 * 40 * plan.token_s);
}

TEST(GenerationPlan, OfATeachersAnswersOthersTakeThePlacesOfThoseThatEnded) {
  Workload work = drawing(12, 40);
  work.generation.most_at_once = 4;
  const GenerationPlan plan = planned(work);
  EXPECT_DOUBLE_EQ(plan.seconds, (2 * 10 + 40) * plan.token_s);
  EXPECT_DOUBLE_EQ(plan.at_once, 12 * 10.0 / 60);
}

TEST(GenerationPlan, ReachesItsOwnShareOfThePeaks) {
  const Workload work = drawing(8, 10);
  EXPECT_DOUBLE_EQ(planned(work, Efficiency(0.5, 0.1)).seconds, 10 * planned(work).seconds);
  Workload trained = work;
  trained.generation = {};
  trained.tokens = 100;
  EXPECT_DOUBLE_EQ(plan_process(trained, processor(), {}, Efficiency(0.5, 0.1)).seconds,
                   plan_process(trained, processor(), {}, 0.5).seconds);
}

TEST(GenerationPlan, WaitsForProgramsToBeJudged) {
  Workload work = drawing(8, 10);
  const double before = planned(work).seconds;
  work.generation.programs = 0.25;
  EXPECT_DOUBLE_EQ(planned(work).seconds - before, 2 * 3);
}

TEST(GenerationPlan, HoldsTheNetworkTwiceOnAProcessorAndAsManyTokensAsAreRemembered) {
  Workload work = drawing(1000, 10);
  const Formats formats = formats_of(processor().device);
  const auto parameters = static_cast<double>(count_parameters(work.shape).total());
  work.generation.cache_tokens = 64;
  const Memory memory = plan_process(work, processor(), {}, 1).memory;
  EXPECT_DOUBLE_EQ(memory.weights, 8 * parameters);
  EXPECT_DOUBLE_EQ(memory.caches,
                   64 * static_cast<double>(cache_bytes(work.shape, 1)) * formats.cached);
}

TEST(GenerationPlan, OfATrainingLiesBesideTheOptimizersAndNotBesideActivations) {
  Workload work = drawing(4e6, 10);
  work.tokens = 40;
  work.rows.last = 1;
  const ProcessPlan plan = plan_process(work, processor(), {}, 1);
  const auto parameters = static_cast<double>(count_parameters(work.shape).total());
  EXPECT_NEAR(plan.memory.weights, 8 * parameters, 0.01 * parameters);
  EXPECT_GT(plan.memory.optimizer, 7 * parameters);
  EXPECT_EQ(plan.memory.activations, 0) << "of one row they are less than all these caches";
}

TEST(GenerationPlan, TheTableShowsBothSharesWhereTheyDiffer) {
  WholePlan whole{.name = "small", .cluster = processor()};
  whole.processes.push_back({drawing(8, 10), Efficiency(0.5, 0.0625), {}});
  plan_all(whole);
  EXPECT_NE(summary_text(whole).find("6.2%"), std::string::npos) << summary_text(whole);
  EXPECT_EQ(as_json(whole)["processes"][0]["generation_efficiency"], 0.0625);
}

}  // namespace
}  // namespace rq::plan
