#include "pipeline/flow.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/config.h"
#include "pipeline/internal/test_kinds.h"

namespace rq::pipeline {
namespace {

report::Flow flow_of(std::string_view text) {
  Problems problems;
  const Recipe recipe = read_recipe(
      parse_toml(text, "r.toml"), "/", fake_kinds(std::make_shared<FakeWorld>()), problems);
  const Graph graph = arrange_graph(recipe, problems);
  return describe_flow(recipe, graph);
}

const report::FlowBox* find(const report::Flow& flow, std::string_view id) {
  const auto box = std::ranges::find(flow.boxes, id, &report::FlowBox::id);
  return box != flow.boxes.end() ? &*box : nullptr;
}

// "a -> b", dotted where it is a side arrow: "a ..> b".
std::string arrows_of(const report::Flow& flow) {
  std::string text;
  for (const report::FlowArrow& arrow : flow.arrows) {
    text += flow.boxes[arrow.from].id + (arrow.is_side ? " ..> " : " -> ") +
            flow.boxes[arrow.to].id + "\n";
  }
  return text;
}

constexpr std::string_view kTwoSteps =
    "name = 'r'\n"
    "[process.one]\nkind = 'fake'\nmakes = 'a'\nsteps = 2\n"
    "[process.two]\nkind = 'fake'\nfrom = ['a', 'given']\nmakes = 'b'\n"
    "[model.given]\npath = '/nowhere'\n";

TEST(DescribeFlow, AProcessAndWhatItMakesAreTwoBoxes) {
  const report::Flow flow = flow_of(kTwoSteps);
  EXPECT_EQ(arrows_of(flow),
            "process.one -> model.a\n"
            "model.a -> process.two\n"
            "model.given -> process.two\n"
            "process.two -> model.b\n");
  EXPECT_EQ(find(flow, "process.one")->shape, report::Shape::kProcess);
  EXPECT_EQ(find(flow, "process.one")->figures, std::vector<std::string>{"2.0K tokens"});
  EXPECT_EQ(find(flow, "model.a")->shape, report::Shape::kModel);
}

TEST(DescribeFlow, WhatIsThereWithoutWorkIsGivenAlsoWhereItIsNotOnThisMachine) {
  const report::Flow flow = flow_of(kTwoSteps);
  EXPECT_EQ(find(flow, "model.given")->state, report::State::kGiven);
  EXPECT_EQ(find(flow, "model.a")->state, report::State::kWaiting);
}

TEST(DescribeFlow, ADataBoxIsItsOwnWorkAndWhatItIsKeptClearOfIsNoMaterial) {
  const report::Flow flow = flow_of(
      "name = 'r'\n"
      "[data.a]\nsource.generator = { name = 'worked-mathematics', count = 1_500 }\n"
      "[data.b]\nheldout = 0\nwithout_heldout_of = ['a']\nsource.glob = ['*.txt']\n");
  EXPECT_EQ(flow.boxes.size(), 2U);
  EXPECT_EQ(arrows_of(flow), "data.a ..> data.b\n");
  EXPECT_EQ(find(flow, "data.a")->figures, std::vector<std::string>{"1.5K documents"});
}

TEST(DescribeFlow, ACircleIsDrawnAsItIs) {
  const report::Flow flow = flow_of(
      "name = 'r'\n"
      "[process.one]\nkind = 'fake'\nfrom = ['b']\nmakes = 'a'\n"
      "[process.two]\nkind = 'fake'\nfrom = ['a']\nmakes = 'b'\n");
  EXPECT_EQ(flow.boxes.size(), 4U);
  EXPECT_EQ(flow.arrows.size(), 4U);
}

StatusRow row_of(StatusWord word) {
  return {.node = {.id = "process.one", .work_folder = "one", .place = "models/a", .tokens = 2000},
          .word = word,
          .cost = {.wall_s = 65, .tokens = 500}};
}

TEST(AddStates, TheBoxOfWorkRunsAndThatOfItsResultWaits) {
  report::Flow flow = flow_of(kTwoSteps);
  add_states(flow, {row_of(StatusWord::kRunning)}, "/nowhere");
  EXPECT_EQ(find(flow, "process.one")->state, report::State::kRunning);
  EXPECT_DOUBLE_EQ(find(flow, "process.one")->share, 0.25);
  EXPECT_EQ(find(flow, "model.a")->state, report::State::kWaiting);
}

TEST(AddStates, WhatIsDoneSaysWhatItTook) {
  report::Flow flow = flow_of(kTwoSteps);
  add_states(flow, {row_of(StatusWord::kDone)}, "/nowhere");
  EXPECT_EQ(find(flow, "process.one")->figures, std::vector<std::string>{"500 in 1m 05s"});
  EXPECT_EQ(find(flow, "model.a")->state, report::State::kDone);
}

}  // namespace
}  // namespace rq::pipeline
