// DeepSeek-V3's published figures beside the plan's, with one assumption out of one of them.

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "plan/device.h"
#include "plan/efficiency.h"
#include "plan/search.h"

namespace rq::plan {
namespace {

class V3 : public testing::Test {
 protected:
  // 1,000 steps of 62.9 M tokens, as both phases of the extension have.
  static Workload extension(double context) {
    Workload work = v3_pretraining();
    work.row_tokens = context;
    work.rows = {.first = 0, .last = 1920.0 * 32768 / context, .ramp_tokens = 0};
    work.tokens = 1000 * work.rows.last * context;
    return work;
  }
  static MeshWish layout() { return parse_mesh("pipeline=16,expert=64,schedule=dualpipe"); }

  Cluster cluster_ = parse_cluster("h800:2048", known_devices());
  double efficiency_ = published_efficiency();
};

TEST_F(V3, PreTrainingGivesTheEfficiencyAndThroughItItsOwnHours) {
  EXPECT_NEAR(efficiency_, 0.272, 0.001);
  const ProcessPlan plan = plan_process(v3_pretraining(), cluster_, v3_mesh(), efficiency_);
  EXPECT_NEAR(plan.device_hours / kV3PretrainingHours, 1, 1e-6);
  EXPECT_NEAR(plan.device_hours / 14.8 / kV3HoursATrillionTokens, 1, 1e-3);
  EXPECT_NEAR(plan.dollars, 5.328e6, 1e2);
}

TEST_F(V3, ExtensionsTakeTheirPublishedHoursWithinATenth) {
  for (const MeshWish& wish : {layout(), MeshWish{}}) {
    double hours = 0;
    for (const double context : {32768.0, 131072.0}) {
      hours += best_plan(extension(context), cluster_, efficiency_, wish).device_hours;
    }
    EXPECT_NEAR(hours / kV3ExtensionHours, 1, 0.1);
  }
}

TEST_F(V3, ItsLayoutFitsAnH800AndWithoutRecomputationItWouldNot) {
  const ProcessPlan plan = plan_process(v3_pretraining(), cluster_, v3_mesh(), efficiency_);
  EXPECT_LT(plan.memory.total(), 80e9);
  EXPECT_GT(plan.memory.total(), 60e9);  // nor is it free
  EXPECT_FALSE(plan.misfit.has_value());
  Workload keeping = v3_pretraining();
  keeping.recompute = Recompute::kNone;
  const ProcessPlan other = plan_process(keeping, cluster_, v3_mesh(), efficiency_);
  ASSERT_TRUE(other.misfit.has_value());
  EXPECT_EQ(other.misfit->substr(0, 12), "activations:");
}

TEST_F(V3, TheBestMeshIsNoSlowerThanItsOwn) {
  const ProcessPlan own = plan_process(v3_pretraining(), cluster_, v3_mesh(), efficiency_),
                    best = best_plan(v3_pretraining(), cluster_, efficiency_);
  EXPECT_LE(best.seconds, own.seconds);
  EXPECT_GT(best.seconds, 0.8 * own.seconds);
  EXPECT_FALSE(best.misfit.has_value());
  EXPECT_EQ(best.mesh.devices(), 2048);
}

TEST_F(V3, ExpertsAreSentToFourNodesOfEight) {
  // A token goes to 4 nodes, one in eight of which is its own, in FP8 with scales, and comes back
  // in bfloat16; gradients likewise. 59 mixtures over 16 stages, 15,360 rows over 128 ranks.
  const ProcessPlan plan = plan_process(v3_pretraining(), cluster_, v3_mesh(), efficiency_);
  const double tokens = 15360.0 * 4096 / 128;
  EXPECT_NEAR(plan.traffic.experts_network /
                  (tokens * 59 / 16 * 4 * 7 / 8 * 2 * 7168 * (1 + 4.0 / 128 + 2)),
              1,
              1e-9);
}

TEST_F(V3, AThirdLessEfficiencyTakesHalfAsLongAgain) {
  const ProcessPlan plan = plan_process(v3_pretraining(), cluster_, v3_mesh(), efficiency_ / 1.5);
  EXPECT_NEAR(plan.device_hours / kV3PretrainingHours, 1.5, 0.03);
}

}  // namespace
}  // namespace rq::plan
