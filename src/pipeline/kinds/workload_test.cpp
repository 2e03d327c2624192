// What the recipe's processes tell a plan: V3's own recipe is the published row, counts and lengths
// that nobody knows are named.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/config.h"
#include "pipeline/graph.h"
#include "pipeline/kinds/kinds.h"
#include "pipeline/recipe.h"
#include "pipeline/recipe_plan.h"
#include "plan/device.h"
#include "plan/efficiency.h"
#include "plan/search.h"

namespace rq::pipeline {
namespace {

using plan::Workload;

std::vector<Workload> v3_workloads() {
  return read_workloads("recipes/v3-671b.toml", {}, all_kinds()).workloads;
}

const Workload& named(const std::vector<Workload>& workloads, const std::string& name) {
  for (const Workload& work : workloads) {
    if (work.name == name) {
      return work;
    }
  }
  throw Error(name);
}

TEST(Workloads, OfV3sRecipeBeginWithThePublishedRow) {
  const auto workloads = v3_workloads();
  const Workload& ours = named(workloads, "process.pretrain");
  const Workload published = plan::v3_pretraining();
  EXPECT_EQ(ours.tokens, published.tokens);
  EXPECT_EQ(ours.row_tokens, published.row_tokens);
  EXPECT_EQ(ours.rows.first, published.rows.first);
  EXPECT_EQ(ours.rows.last, published.rows.last);
  EXPECT_EQ(ours.rows.ramp_tokens, published.rows.ramp_tokens);
  EXPECT_EQ(ours.micro_batch, published.micro_batch);
  EXPECT_EQ(ours.recompute, published.recompute);
  EXPECT_EQ(ours.has_prediction, published.has_prediction);
  EXPECT_EQ(ours.moments, published.moments);
  EXPECT_TRUE(ours.assumptions.empty());
}

TEST(Workloads, OfV3sRecipeTakeThePublishedHours) {
  const auto workloads = v3_workloads();
  const plan::Cluster cluster = plan::parse_cluster("h800:2048", plan::known_devices());
  const double efficiency = plan::published_efficiency();
  const auto hours = [&](const std::string& name) {
    return plan::best_plan(named(workloads, name),
                           cluster,
                           efficiency,
                           plan::parse_mesh("pipeline=16,expert=64"))
        .device_hours;
  };
  EXPECT_NEAR(hours("process.pretrain") / plan::kV3PretrainingHours, 1, 1e-3);
  EXPECT_NEAR(
      (hours("process.extend-1") + hours("process.extend-2")) / plan::kV3ExtensionHours, 1, 0.1);
}

TEST(Workloads, OfPostTrainingNameWhatTheRecipeLeavesOpen) {
  const auto workloads = v3_workloads();
  const Workload& sft = named(workloads, "process.sft");
  EXPECT_EQ(sft.tokens, 1.5e6 * 2 * 1403);
  EXPECT_FALSE(sft.assumptions.empty());
  const Workload& rl = named(workloads, "process.rl");
  EXPECT_EQ(rl.generation.answers, 19 * 8192);
  EXPECT_EQ(rl.generation.at_once, 8192);
  EXPECT_EQ(rl.rows.last, 512);
  EXPECT_EQ(rl.models, 2);
  EXPECT_FALSE(rl.has_prediction);
}

TEST(Workloads, OfATeacherCountItsQuestionsAndItsBudget) {
  Problems problems;
  const Recipe recipe =
      read_recipe(parse_toml("name = 'r'\n[plan]\nanswer_tokens = 50\n"
                             "[data.sums]\nheldout = 0\n"
                             "source.problems = { kinds = ['sum'], count = 10, answers = 'none' }\n"
                             "[process.teach]\nkind = 'synth'\nprompts = ['sums']\nsamples = 3\n"
                             "endpoint = { base_url = 'http://127.0.0.1:1/v1', model = 'm' }\n"
                             "budget = { dollars = 4 }\nmakes = 'answers'\n",
                             "r.toml"),
                  "/recipes",
                  all_kinds(),
                  problems);
  const auto workloads = workloads_of(build_graph(recipe, problems), recipe);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(workloads.size(), 1);
  EXPECT_EQ(workloads[0].dollars, 4);
  EXPECT_EQ(workloads[0].generation.answers, 0);  // the endpoint's devices are not ours
  EXPECT_EQ(recipe.count_of("sums"), 10);
  EXPECT_EQ(recipe.count_of("answers"), 10);  // one of each question's is kept
}

}  // namespace
}  // namespace rq::pipeline
