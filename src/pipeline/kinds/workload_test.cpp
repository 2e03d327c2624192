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

Recipe recipe_of(const std::string& text) {
  Problems problems;
  Recipe recipe = read_recipe(parse_toml(text, "r.toml"), "/recipes", all_kinds(), problems);
  problems.throw_if_any();
  return recipe;
}

// A base, and whatever else is to be planned.
Recipe small_recipe(const std::string& more) {
  return recipe_of(
      "name = 'r'\n[plan]\nbytes_per_token = 2\n"
      "answers.teach = { tokens = 40, most = 50, kept = 0.5 }\nanswers.'evaluation.e' = { tokens = "
      "30 }\n"
      "[data.bare]\nheldout = 0\n"
      "source.problems = { kinds = ['order'], count = 100, answers = 'bare' }\n"
      "[data.asked]\nheldout = 0\n"
      "source.problems = { kinds = ['order', 'number-function'], count = 100, answers = 'none' }\n"
      "[architecture.a]\n"
      "[process.pretrain]\nkind = 'pretrain'\narchitecture = 'a'\ntokenizer = 't'\n"
      "mixture = { bare = 1 }\ntrain.tokens = 1000\nmakes = 'base'\n"
      "[process.teach]\nkind = 'synth'\nfrom = 'base'\nprompts = ['asked']\nsamples = 2\n"
      "max_tokens = 64\nmakes = 'answers'\n"
      "[evaluation.e]\nmodels = ['base']\n"
      "problems = { kinds = ['order', 'number-function'], count = 10, max_tokens = 64 }\n" +
      more);
}

TEST(Workloads, OfFineTuningHaveTheLengthsOfTheirBoxes) {
  const Recipe recipe = small_recipe(
      "[process.sft]\nkind = 'sft'\nfrom = 'base'\nsamples = { bare = 2, answers = 1 }\n"
      "train = { epochs = 3, step_tokens = 500 }\nmakes = 'chat'\n");
  const auto work = recipe.maker_of({ThingType::kModel, "chat"})->process->workload(recipe);
  const Lengths bare = recipe.lengths_of("bare").value();
  const double asked = recipe.lengths_of("asked").value().question;
  const double tokens = 200 * (bare.question + bare.answer) + 50 * (asked + 40);
  ASSERT_TRUE(work.has_value());
  EXPECT_NEAR(work->tokens, 3 * tokens, 1e-6);
  EXPECT_NEAR(work->row_tokens, tokens / 250, 1e-9);
  EXPECT_TRUE(work->assumptions.empty()) << "all of them are counted: " << work->assumptions[0];
}

TEST(Workloads, OfAnswersTakeWhatThePlanSaysOfTheirProcess) {
  const Recipe recipe = small_recipe("");
  const auto work = recipe.maker_of({ThingType::kData, "answers"})->process->workload(recipe);
  ASSERT_TRUE(work.has_value());
  EXPECT_EQ(work->generation.answers, 200);
  EXPECT_EQ(work->generation.answer_tokens, 40);
  EXPECT_EQ(work->generation.most_tokens, 50);
  EXPECT_EQ(work->generation.prompt_tokens, recipe.lengths_of("asked")->question);
  EXPECT_EQ(work->generation.programs, 0.5);
  EXPECT_THROW(recipe_of("name = 'r'\n[plan]\nanswers.tech = { tokens = 4 }\n"), Error);
}

TEST(Workloads, OfAnEvaluationAreItsModelsAnswersToEachKind) {
  const Recipe recipe = small_recipe("");
  const auto work = recipe.evaluations[0].process->workload(recipe);
  ASSERT_TRUE(work.has_value());
  EXPECT_EQ(work->generation.answers, 20);
  EXPECT_EQ(work->generation.at_once, 10);
  EXPECT_EQ(work->generation.answer_tokens, 30);
  EXPECT_GT(work->generation.prompt_tokens, 10);
}

TEST(Workloads, OfARunThatGoesOnAreCountedOnWhatIsThere) {
  Recipe recipe = small_recipe(
      "[process.sft]\nkind = 'sft'\nfrom = 'base'\nsamples = { answers = 1 }\nmakes = 'chat'\n");
  recipe.known.boxes["answers"] = {.documents = 30,
                                   .lengths = Lengths{.question = 20, .answer = 5}};
  const auto work = recipe.maker_of({ThingType::kModel, "chat"})->process->workload(recipe);
  ASSERT_TRUE(work.has_value());
  EXPECT_EQ(work->tokens, recipe.count_of("answers").value() * 25 * 2) << "two epochs";
  EXPECT_EQ(recipe.count_of("answers"), 30);
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
