// [evaluation.NAME] in a recipe: what it waits for, and what is told before any work.

#include "pipeline/kinds/evaluation.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/config.h"
#include "base/format.h"
#include "pipeline/flow.h"
#include "pipeline/graph.h"
#include "pipeline/kinds/kinds.h"
#include "pipeline/recipe.h"

namespace rq::pipeline {
namespace {

struct Built {
  Recipe recipe = {};
  Graph graph = {};
  std::string problems = {};
};

// A model, what comes of it, and an evaluation of these keys.
Built build(const std::string& keys) {
  const std::string text =
      "name = 'r'\n[data.prose]\nsource.generator = { name = 'worked-mathematics', count = 10 }\n"
      "[process.t]\nkind = 'tokenizer'\nfrom = ['prose']\nvocab_size = 512\nmakes = 't'\n"
      "[architecture.small]\nvocab_size = 512\nwidth = 64\nlayers = 2\ndense_layers = 1\n"
      "[process.pretrain]\nkind = 'pretrain'\narchitecture = 'small'\ntokenizer = 't'\n"
      "mixture = { prose = 1 }\ntrain.tokens = 1\nmakes = 'base'\n"
      "[process.extend]\nkind = 'extend'\nfrom = 'base'\ncontext = 8192\n"
      "mixture = { prose = 1 }\ntrain.steps = 2\nmakes = 'longer'\n"
      "[evaluation.base]\n" +
      keys;
  Problems problems;
  Built built{.recipe = read_recipe(parse_toml(text, "r.toml"), "/recipes", all_kinds(), problems)};
  built.graph = build_graph(built.recipe, problems);
  for (const std::string& sentence : problems.sentences()) {
    built.problems += sentence + "\n";
  }
  return built;
}

constexpr const char* kSums = "models = ['base']\nproblems = { kinds = ['sum'], count = 3 }\n";

TEST(EvaluationBox, IsDoneAsSoonAsItsModelsAreThere) {
  const Built built = build(kSums);
  ASSERT_EQ(built.problems, "");
  std::vector<std::string> order;
  for (const Node& node : built.graph.nodes) {
    order.push_back(node.id);
  }
  EXPECT_EQ(
      order,
      (std::vector<std::string>{
          "data.prose", "process.t", "process.pretrain", "evaluation.base", "process.extend"}));
}

TEST(EvaluationBox, IsOneBoxOfTheFlowBehindItsModels) {
  const Built built = build(kSums);
  const report::Flow flow = describe_flow(built.recipe, built.graph);
  std::string from;
  int boxes = 0;
  for (const report::FlowBox& box : flow.boxes) {
    boxes += box.id == "evaluation.base" ? 1 : 0;
  }
  for (const report::FlowArrow& arrow : flow.arrows) {
    from += flow.boxes[arrow.to].id == "evaluation.base" ? flow.boxes[arrow.from].id : "";
  }
  EXPECT_EQ(boxes, 1);
  EXPECT_EQ(from, "model.base");
}

TEST(EvaluationBox, IsReadBackAsItIsWritten) {
  const std::string text = resolved_text(build(kSums).recipe);
  Problems problems;
  const Recipe again = read_recipe(parse_toml(text, "r.toml"), "/", all_kinds(), problems);
  problems.throw_if_any();
  EXPECT_EQ(resolved_text(again), text);
}

TEST(EvaluationBox, UnknownModelsAreNamedWithTheNearest) {
  EXPECT_NE(build("models = ['bass']\nproblems.kinds = ['sum']\n")
                .problems.find("unknown model bass; did you mean base?"),
            std::string::npos);
}

TEST(EvaluationBox, WithoutQuestionsOrTheirDataIsRefused) {
  EXPECT_NE(build("models = ['base']\n").problems.find("neither tasks nor"), std::string::npos);
  EXPECT_NE(build("models = ['base']\ntasks = ['hellaswag']\n").problems.find("data is missing"),
            std::string::npos);
}

TEST(EvaluationBox, WhatCannotBeAskedIsToldBeforeAnyWork) {
  const Built built = build(
      "models = ['base']\ntasks = ['hellasweg']\ndata = 'nowhere'\n"
      "problems.kinds = ['sum', 'summ']\n");
  ASSERT_EQ(built.problems, "");
  const auto missing = built.graph.find("evaluation.base")->process->missing(built.recipe);
  ASSERT_EQ(missing.size(), 2);
  EXPECT_NE(missing[0].find("summ"), std::string::npos) << missing[0];
  EXPECT_NE(missing[1].find("did you mean hellaswag?"), std::string::npos) << missing[1];
}

TEST(EvaluationBox, WaitsForItsJudge) {
  const auto judge = [](const char* name) { return fmt::format("judge = '{}'\n", name); };
  const Built built = build(kSums + judge("longer"));
  ASSERT_EQ(built.problems, "");
  EXPECT_EQ(built.graph.nodes.back().id, "evaluation.base");
  EXPECT_NE(build(kSums + judge("long")).problems.find("did you mean longer?"), std::string::npos);
}

TEST(EvaluationBox, AJudgeThatIsMissingOrCannotJudgeIsToldBeforeAnyWork) {
  const auto missing = [](const std::string& keys) {
    const Built built = build("models = ['base']\ntasks = ['simpleqa']\ndata = 'nowhere'\n" + keys);
    std::string all = built.problems;
    for (const std::string& sentence :
         built.graph.find("evaluation.base")->process->missing(built.recipe)) {
      all += sentence + "\n";
    }
    return all;
  };
  EXPECT_NE(missing("").find("simpleqa are marked by a judge, and none is named"),
            std::string::npos);
  EXPECT_NE(missing("judge = 'published:base'\n").find("published:base cannot judge answers"),
            std::string::npos);
  const std::string named = missing("judge = 'j=chat:m@http://127.0.0.1:1/v1'\n");
  EXPECT_EQ(named.find("judge"), std::string::npos) << named;
}

TEST(EvaluationBox, IsNoKindOfProcess) {
  Problems problems;
  read_recipe(parse_toml("name = 'r'\n[process.x]\nkind = 'evaluation'\n", "r.toml"),
              "/",
              all_kinds(),
              problems);
  ASSERT_EQ(problems.sentences().size(), 1);
  EXPECT_NE(problems.sentences()[0].find("unknown kind evaluation"), std::string::npos);
}

}  // namespace
}  // namespace rq::pipeline
