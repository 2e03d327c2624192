#include "pipeline/graph.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "pipeline/internal/test_kinds.h"

namespace rq::pipeline {
namespace {

struct Built {
  std::vector<std::string> problems = {};
  std::vector<std::string> order = {};
  Graph graph = {};
};

Built build(std::string_view text) {
  Problems problems;
  const Recipe recipe = read_recipe(
      parse_toml(text, "r.toml"), "/recipes", fake_kinds(std::make_shared<FakeWorld>()), problems);
  Built built;
  built.graph = build_graph(recipe, problems);
  built.problems = problems.sentences();
  for (const Node& node : built.graph.nodes) {
    built.order.push_back(node.id);
  }
  return built;
}

std::string hash_of(const Built& built, std::string_view id) {
  return built.graph.find(id)->hash;
}

constexpr std::string_view kDiamond =
    "name = 'r'\n"
    "[process.last]\nkind = 'fake'\nfrom = ['b', 'c']\nmakes = 'd'\n"
    "[process.right]\nkind = 'fake'\nfrom = ['a']\nmakes = 'c'\n"
    "[process.left]\nkind = 'fake'\nfrom = ['a']\nmakes = 'b'\n"
    "[process.first]\nkind = 'fake'\nmakes = 'a'\n";

TEST(Graph, WorkStandsAfterWhatItNeedsAndElseInTheOrderOfTheFile) {
  const Built built = build(kDiamond);
  EXPECT_EQ(built.problems, std::vector<std::string>{});
  EXPECT_EQ(
      built.order,
      (std::vector<std::string>{"process.first", "process.right", "process.left", "process.last"}));
  EXPECT_EQ(built.graph.up_to(2), (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(built.graph.up_to(3), (std::vector<std::size_t>{0, 1, 2, 3}));
}

TEST(Graph, AHashChangesWithItsOwnSettingsAndThoseBeforeItAlone) {
  const std::string changed = std::string(kDiamond) + "steps = 2\n";  // of `first`
  const Built before = build(kDiamond), after = build(changed);
  EXPECT_NE(hash_of(before, "process.first"), hash_of(after, "process.first"));
  EXPECT_NE(hash_of(before, "process.last"), hash_of(after, "process.last"));

  std::string other(kDiamond);
  other.replace(other.find("[process.right]"), 15, "[process.right]\nsteps = 2");
  const Built right = build(other);
  EXPECT_EQ(hash_of(before, "process.first"), hash_of(right, "process.first"));
  EXPECT_EQ(hash_of(before, "process.left"), hash_of(right, "process.left"));
  EXPECT_NE(hash_of(before, "process.right"), hash_of(right, "process.right"));
  EXPECT_NE(hash_of(before, "process.last"), hash_of(right, "process.last"));
}

TEST(Graph, AWrittenDefaultAndTheOrderOfKeysLeaveAHashAlone) {
  const Built one = build("name = 'r'\n[process.p]\nkind = 'fake'\nmakes = 'a'\n");
  const Built two =
      build("name = 'r'\nseed = 1\n[process.p]\nsteps = 1\nmakes = 'a'\nkind = 'fake'\n");
  const Built seed = build("name = 'r'\nseed = 2\n[process.p]\nkind = 'fake'\nmakes = 'a'\n");
  EXPECT_EQ(hash_of(one, "process.p"), hash_of(two, "process.p"));
  EXPECT_NE(hash_of(one, "process.p"), hash_of(seed, "process.p"));
}

TEST(Graph, AllProblemsAreNamedAtOnceWithTheirLines) {
  const Built built = build(
      "name = 'r'\ncolour = 1\n"
      "[process.a]\nkind = 'fake'\nfrom = ['v3-4l']\nmakes = 'v3-4k'\n"
      "[process.b]\nkind = 'fake'\nmakes = 'v3-4k'\n"
      "[process.c]\nkind = 'sft'\nmakes = 'chat'\n"
      "[process.d]\nkind = 'fake'\nfrom = ['chat']\nmakes = 'e'\nsteps = -1\n"
      "[process.f]\nkind = 'fakes'\n"
      "[model.old]\npath = 'no/such'\n");
  EXPECT_EQ(built.problems,
            (std::vector<std::string>{
                "r.toml:2: unknown key colour; known: name, seed, folder, data, architecture, "
                "tokenizer, model, process, evaluation, plan",
                "r.toml:11: process.c: the kind sft is not in this version; kinds are fake",
                "r.toml:13: process.d: steps is negative",
                "r.toml:19: process.f: unknown kind fakes; did you mean fake?",
                "r.toml:20: model.old.path: there is no /recipes/no/such",
                "r.toml:7: process.a and process.b both make model.v3-4k",
                "r.toml:5: process.a.from: unknown model v3-4l; did you mean v3-4k?"}));
}

TEST(Graph, ACycleIsNamedInFull) {
  const Built built = build(
      "name = 'r'\n[process.x]\nkind = 'fake'\nfrom = ['c']\nmakes = 'a'\n"
      "[process.y]\nkind = 'fake'\nfrom = ['a']\nmakes = 'b'\n"
      "[process.z]\nkind = 'fake'\nfrom = ['b']\nmakes = 'c'\n"
      "[process.after]\nkind = 'fake'\nfrom = ['c']\nmakes = 'd'\n");
  EXPECT_EQ(built.problems,
            (std::vector<std::string>{
                "r.toml:2: a cycle: process.x -> process.z -> process.y -> process.x "
                "(each needs what the next makes)"}));
}

TEST(Graph, ADataBoxThatReadsAnotherStandsAfterItAndChangesWithIt) {
  const std::string text =
      "name = 'r'\n"
      "[data.long]\nsource.recall = { from = 'prose', count = 5 }\nwithout_heldout_of = ['code']\n"
      "[data.other]\nsource.glob = ['other/*']\n"
      "[data.prose]\nsource.glob = ['in/*']\n"
      "[data.code]\nsource.glob = ['code/*']\n";
  const Built before = build(text), after = build(text + "heldout = 0.2\n");  // of code
  EXPECT_EQ(before.problems, std::vector<std::string>{});
  EXPECT_EQ(before.order,
            (std::vector<std::string>{"data.other", "data.prose", "data.code", "data.long"}));
  EXPECT_EQ(hash_of(before, "data.prose"), hash_of(after, "data.prose"));
  EXPECT_NE(hash_of(before, "data.long"), hash_of(after, "data.long"));
}

TEST(Graph, ADataBoxThatReadsNoneOrItselfIsRefused) {
  EXPECT_EQ(build("name = 'r'\n[data.long]\nsource.recall = { from = 'prse', count = 5 }\n"
                  "[data.prose]\nsource.glob = ['in/*']\n")
                .problems,
            (std::vector<std::string>{
                "r.toml:2: data.long.source.recall.from: unknown data prse; did you mean prose?"}));
  const Built itself =
      build("name = 'r'\n[data.long]\nsource.recall = { from = 'long', count = 5 }\n");
  ASSERT_EQ(itself.problems.size(), 1U);
  EXPECT_NE(itself.problems[0].find("data.long -> data.long"), std::string::npos);
}

TEST(Graph, AProcessThatNeedsItselfIsACycle) {
  const Built built = build("name = 'r'\n[process.x]\nkind = 'fake'\nfrom = ['a']\nmakes = 'a'\n");
  ASSERT_EQ(built.problems.size(), 1U);
  EXPECT_NE(built.problems[0].find("process.x -> process.x"), std::string::npos);
}

TEST(Graph, ANameOfAnotherKindOfBoxIsPointedOut) {
  const Built built = build(
      "name = 'r'\n[architecture.small]\n"
      "[process.x]\nkind = 'fake'\nfrom = ['small']\nmakes = 'a'\n");
  EXPECT_EQ(built.problems,
            (std::vector<std::string>{"r.toml:5: process.x.from: unknown model small; "
                                      "small is a box of another kind: architecture.small"}));
}

TEST(Graph, SettingsThatDoNotFitTheirInputsAreRefused) {
  const Built built = build("name = 'r'\n[process.x]\nkind = 'fake'\nmakes = 'a'\nsteps = 13\n");
  EXPECT_EQ(built.problems,
            (std::vector<std::string>{"r.toml:2: process.x: steps=13 does not fit its inputs"}));
}

TEST(Graph, AnUnknownInputHidesNeitherACycleNorSettingsThatDoNotFit) {
  const Built built = build(
      "name = 'r'\n[process.x]\nkind = 'fake'\nmakes = 'a'\nsteps = 13\n"
      "[process.y]\nkind = 'fake'\nfrom = ['nobody']\nmakes = 'b'\nsteps = 13\n"
      "[process.z]\nkind = 'fake'\nfrom = ['c']\nmakes = 'c'\n");
  EXPECT_EQ(built.problems,
            (std::vector<std::string>{
                "r.toml:8: process.y.from: unknown model nobody; known: a, b, c",
                "r.toml:11: a cycle: process.z -> process.z (each needs what the next makes)",
                "r.toml:2: process.x: steps=13 does not fit its inputs"}));
}

TEST(Graph, SettingsThatCouldNotBeReadAreNotHeldAgainstTheirInputs) {
  const Built built = build(
      "name = 'r'\n[process.x]\nkind = 'fake'\nmakes = 'a'\nsteps = 13\n"
      "step = 13\n[process.y]\nkind = 'fake'\nmakes = 5\nsteps = '13'\n");
  EXPECT_EQ(built.problems,
            (std::vector<std::string>{"r.toml:6: unknown key process.x.step; did you mean steps?",
                                      "r.toml:9: process.y.makes is 5, not a string",
                                      "r.toml:10: process.y.steps is \"13\", not an integer",
                                      "r.toml:2: process.x: steps=13 does not fit its inputs"}));
}

TEST(Recipe, NamesThatCannotBeFoldersAreRefused) {
  EXPECT_EQ(build("name = '../r'\n").problems.size(), 1U);
  EXPECT_EQ(build("name = 'r'\n[process.'a/b']\nkind = 'fake'\nmakes = 'a'\n").problems.size(), 1U);
  EXPECT_EQ(build("name = 'r'\n[process.'v2.5']\nkind = 'fake'\nmakes = 'a'\n").problems.size(),
            1U);
  EXPECT_EQ(build("seed = 1\n").problems,
            (std::vector<std::string>{"r.toml:1: the top level lacks the key name"}));
}

TEST(Recipe, TheResolvedTextReadsBackToTheSameHashesFromAnyFolder) {
  Problems problems;
  const Registry kinds = fake_kinds(std::make_shared<FakeWorld>());
  const std::string text =
      std::string(kDiamond) +
      "[data.prose]\nsource.glob = ['in/*.txt']\n[architecture.small]\nwidth = 64\n";
  const Recipe recipe = read_recipe(parse_toml(text, "r.toml"), "/recipes", kinds, problems);
  const Recipe again =
      read_recipe(parse_toml(resolved_text(recipe), "s.toml"), "/elsewhere", kinds, problems);
  EXPECT_EQ(again.folder, "/recipes");
  EXPECT_EQ(resolved_text(again), resolved_text(recipe));
  const Graph one = build_graph(recipe, problems), two = build_graph(again, problems);
  EXPECT_TRUE(problems.empty()) << problems.sentences().front();
  for (const Node& node : one.nodes) {
    EXPECT_EQ(two.find(node.id)->hash, node.hash) << node.id;
  }
}

}  // namespace
}  // namespace rq::pipeline
