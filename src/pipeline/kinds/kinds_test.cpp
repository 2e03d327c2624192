// What a recipe's processes ask of each other, told before any work.

#include "pipeline/kinds/kinds.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/config.h"
#include "pipeline/graph.h"
#include "pipeline/recipe.h"

namespace rq::pipeline {
namespace {

struct Built {
  Recipe recipe = {};
  std::vector<std::string> problems = {};
};

Built build(const std::string& text) {
  Problems problems;
  Built built{.recipe = read_recipe(parse_toml(text, "r.toml"), "/recipes", all_kinds(), problems)};
  build_graph(built.recipe, problems);
  built.problems = problems.sentences();
  return built;
}

// A pre-trained model of 4,096 positions, and the phases that `phases` adds.
std::string recipe_with(std::string_view phases) {
  return "name = 'r'\n"
         "[data.prose]\nsource.generator = { name = 'worked-mathematics', count = 10 }\n"
         "[process.t]\nkind = 'tokenizer'\nfrom = ['prose']\nvocab_size = 512\nmakes = 't'\n"
         "[architecture.v3]\nvocab_size = 512\nwidth = 64\nlayers = 2\ndense_layers = 1\n"
         "[process.pretrain]\nkind = 'pretrain'\narchitecture = 'v3'\ntokenizer = 't'\n"
         "mixture = { prose = 1 }\ntrain.tokens = 1\nmakes = 'v3-4k'\n" +
         std::string(phases);
}

std::string phase(std::string_view name,
                  std::string_view from,
                  int context,
                  std::string_view more) {
  return fmt::format(
      "[process.{}]\nkind = 'extend'\nfrom = '{}'\ncontext = {}\nmixture = {{ prose = 1 }}\n"
      "train.steps = 2\nmakes = '{}-made'\n{}\n",
      name,
      from,
      context,
      name,
      more);
}

bool has(const std::vector<std::string>& problems, std::string_view text) {
  return std::any_of(problems.begin(), problems.end(), [&](const std::string& problem) {
    return problem.find(text) != std::string::npos;
  });
}

TEST(Extend, KnowsTheShapeOfBothPhasesBeforeAnyWork) {
  const Built built =
      build(recipe_with(phase("one", "v3-4k", 32768, "") + phase("two", "one-made", 131072, "")));
  EXPECT_EQ(built.problems, std::vector<std::string>{});
  const auto shape = built.recipe.model_config("two-made");
  ASSERT_TRUE(shape);
  EXPECT_EQ(shape->context, 131072);
  EXPECT_EQ(shape->attention.rope.factor, 32);
  EXPECT_EQ(shape->attention.rope.original_context, 4096);
}

TEST(Extend, RefusesAShorterContextAndAFactorThatDisagreesInTheSecondPhaseToo) {
  const Built built = build(recipe_with(
      phase("one", "v3-4k", 32768, "rope.factor = 4") + phase("short", "v3-4k", 2048, "") +
      phase("good", "v3-4k", 32768, "") + phase("two", "good-made", 131072, "rope.factor = 4")));
  EXPECT_TRUE(has(built.problems, "process.one: rope.factor=4 disagrees with the contexts: 32768"));
  EXPECT_TRUE(has(built.problems, "process.short: context=2048 is below the 4096"));
  EXPECT_TRUE(
      has(built.problems, "process.two: rope.factor=4 disagrees with the contexts: 131072"));
}

TEST(Extend, PhasesInACircleAreACycleAndNoMore) {
  const Built built = build(
      recipe_with(phase("one", "two-made", 32768, "") + phase("two", "one-made", 131072, "")));
  ASSERT_EQ(built.problems.size(), 1);
  EXPECT_TRUE(has(built.problems, "a cycle"));
}

TEST(Extend, ANeedleThatCannotBeHiddenIsRefusedBeforeAnyWork) {
  const Built built = build(recipe_with(
      "[data.none]\nheldout = 0\nsource.generator = { name = "
      "'worked-mathematics', count = 10 }\n" +
      phase(
          "one", "v3-4k", 32768, "needle = { haystack = 'none', every = 1, lengths = [65536] }")));
  EXPECT_TRUE(has(built.problems, "needle.lengths=65536 exceeds the context=32768"));
  EXPECT_TRUE(has(built.problems, "needle.haystack=none holds no documents out"));
}

TEST(Extend, TrainsForTokensOrForSteps) {
  const Built built = build(recipe_with(phase("one", "v3-4k", 32768, "train.tokens = 5")));
  EXPECT_TRUE(has(built.problems, "tokens=5 and steps=2: exactly one of them is given"));
}

// Documents where conversations belong, and the other way round.
TEST(Sft, BoxesOfTheOtherContentAreNamed) {
  const std::string sums =
      "[data.sums]\nsource.problems = { kinds = ['sum'], count = 10 }\n"
      "[process.sft]\nkind = 'sft'\nfrom = 'v3-4k'\nsamples = { sums = 1 }\nmakes = 'sft'\n";
  EXPECT_EQ(build(recipe_with(sums)).problems, std::vector<std::string>{});
  const std::string wrong =
      "[process.sft]\nkind = 'sft'\nfrom = 'v3-4k'\nsamples = { prose = 1 }\nmakes = 'sft'\n";
  EXPECT_TRUE(has(build(recipe_with(wrong)).problems,
                  "samples.prose: data.prose holds documents, not conversations"));
  const std::string mixed = sums +
                            "[process.more]\nkind = 'extend'\nfrom = 'v3-4k'\ncontext = 32768\n"
                            "mixture = { sums = 1 }\ntrain.steps = 2\nmakes = 'more'\n";
  EXPECT_TRUE(
      has(build(recipe_with(mixed)).problems, "mixture.sums: data.sums holds conversations"));
}

// A teacher's answers to problems become conversations, which are fine-tuned on.
const std::string kTaught =
    "[data.sums]\nsource.problems = { kinds = ['sum'], count = 10, answers = 'none' }\n"
    "[process.teach]\nkind = 'synth'\nfrom = 'v3-4k'\nprompts = ['sums']\nmakes = 'answers'\n";

TEST(Synth, MakesConversationsOfProblems) {
  const std::string sft = kTaught +
                          "[process.sft]\nkind = 'sft'\nfrom = 'v3-4k'\nsamples = { answers = 1 }\n"
                          "makes = 'sft'\n";
  EXPECT_EQ(build(recipe_with(sft)).problems, std::vector<std::string>{});
  const std::string wrong = kTaught +
                            "[process.more]\nkind = 'extend'\nfrom = 'v3-4k'\ncontext = 32768\n"
                            "mixture = { answers = 1 }\ntrain.steps = 2\nmakes = 'more'\n";
  EXPECT_TRUE(has(build(recipe_with(wrong)).problems,
                  "mixture.answers: data.answers holds conversations, not documents"));
}

TEST(Synth, AsksNoDocuments) {
  const std::string asked =
      "[process.teach]\nkind = 'synth'\nfrom = 'v3-4k'\nprompts = ['prose']\nmakes = 'answers'\n";
  EXPECT_TRUE(has(build(recipe_with(asked)).problems,
                  "prompts: data.prose holds documents, neither problems nor conversations"));
}

TEST(Rl, AsksProblemsAlone) {
  const auto rl = [](const std::string& box) {
    return build(recipe_with(kTaught + "[process.rl]\nkind = 'rl'\nfrom = 'v3-4k'\nprompts = ['" +
                             box + "']\ntrain.steps = 2\nmakes = 'rl'\n"))
        .problems;
  };
  EXPECT_EQ(rl("sums"), std::vector<std::string>{});
  EXPECT_TRUE(
      has(rl("answers"), "prompts.answers: data.answers holds conversations, not problems"));
  EXPECT_TRUE(has(build(recipe_with("[process.rl]\nkind = 'rl'\nfrom = 'v3-4k'\nprompts = []\n"
                                    "train.group = 1\nmakes = 'rl'\n"))
                      .problems,
                  "group=1: answers are judged against each other"));
}

}  // namespace
}  // namespace rq::pipeline
