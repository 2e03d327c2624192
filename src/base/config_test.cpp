#include "base/config.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace rq {
namespace {

enum class Scoring { kSigmoid, kSoftmax };
constexpr std::array<std::pair<Scoring, std::string_view>, 2> enum_names(Scoring) {
  return {{{Scoring::kSigmoid, "sigmoid"}, {Scoring::kSoftmax, "softmax"}}};
}

struct Experts {
  int64_t experts = 16;
  int64_t top_k = 2;
  Scoring scoring = Scoring::kSigmoid;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("experts", experts);
    visit("top_k", top_k);
    visit("scoring", scoring);
  }
  void validate() const { check(top_k <= experts, "top_k={} exceeds experts={}", top_k, experts); }
};

struct Model {
  static constexpr std::array<std::string_view, 1> kRequired = {"name"};
  std::string name = {};
  int64_t width = 8;
  double rate = 0.1;
  bool is_tied = false;
  std::vector<int64_t> sizes = {};
  std::map<std::string, double> mixture = {};
  std::optional<int64_t> rank = {};
  Experts moe = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("name", name);
    visit("width", width);
    visit("rate", rate);
    visit("is_tied", is_tied);
    visit("sizes", sizes);
    visit("mixture", mixture);
    visit("rank", rank);
    visit("moe", moe);
  }
};

std::vector<std::string> problems_of(std::string_view text) {
  Problems problems;
  read_config<Model>(parse_toml(text, "r.toml"), "model", problems);
  return problems.sentences();
}

TEST(Config, ReadsEveryTypeOfField) {
  const auto model = read_config<Model>(
      parse_toml("name = 'v3'\nwidth = 1e6\nrate = 1\nis_tied = true\nsizes = [1, 2]\nrank = 3\n"
                 "mixture = { prose = 0.5, code = 1 }\n[moe]\nexperts = 4\nscoring = 'softmax'\n",
                 "r.toml"),
      "model");
  EXPECT_EQ(model.name, "v3");
  EXPECT_EQ(model.width, 1000000);
  EXPECT_EQ(model.rate, 1.0);
  EXPECT_TRUE(model.is_tied);
  EXPECT_EQ(model.sizes, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(model.mixture, (std::map<std::string, double>{{"code", 1.0}, {"prose", 0.5}}));
  EXPECT_EQ(model.rank, 3);
  EXPECT_EQ(model.moe.experts, 4);
  EXPECT_EQ(model.moe.top_k, 2);
  EXPECT_EQ(model.moe.scoring, Scoring::kSoftmax);
}

TEST(Config, AnUnknownKeyNamesTheNearestAndItsLine) {
  EXPECT_EQ(
      problems_of("name = 'v3'\n\n[moe]\ntopk = 3\n"),
      (std::vector<std::string>{"r.toml:4: unknown key model.moe.topk; did you mean top_k?"}));
}

TEST(Config, AnUnknownKeyNearToNoneListsTheKnownOnes) {
  EXPECT_EQ(problems_of("name = 'v3'\nmoe.colour = 3\n"),
            (std::vector<std::string>{
                "r.toml:2: unknown key model.moe.colour; known: experts, top_k, scoring"}));
}

TEST(Config, AllProblemsAreNamedAtOnceWithTheirValues) {
  EXPECT_EQ(problems_of("width = 1.5\nrate = 'fast'\nis_tied = 1\nsizes = [1, 'two']\nmixture = 3\n"
                        "[moe]\nscoring = 'softmix'\ntop_k = true"),
            (std::vector<std::string>{
                "r.toml:1: model.width is 1.5, not an integer",
                "r.toml:2: model.rate is \"fast\", not a number",
                "r.toml:3: model.is_tied is 1, not true or false",
                "r.toml:4: model.sizes[1] is \"two\", not an integer",
                "r.toml:5: model.mixture is 3, not a table",
                "r.toml:8: model.moe.top_k is true, not an integer",
                "r.toml:7: unknown value softmix of model.moe.scoring; did you mean softmax?",
                "r.toml:1: model lacks the key name"}));
}

TEST(Config, ValuesThatCannotBeAreNamedWithTheTableTheyStandIn) {
  EXPECT_EQ(problems_of("name = 'v3'\n[moe]\ntop_k = 20\n"),
            (std::vector<std::string>{"r.toml:2: model.moe: top_k=20 exceeds experts=16"}));
}

TEST(Config, AWrongKeyOrTypeDoesNotHideWhatOtherValuesCannotBe) {
  EXPECT_EQ(problems_of("name = 'v3'\nwidth = 'wide'\n[moe]\ntop_k = 20\n"),
            (std::vector<std::string>{"r.toml:2: model.width is \"wide\", not an integer",
                                      "r.toml:3: model.moe: top_k=20 exceeds experts=16"}));
  EXPECT_EQ(
      problems_of("name = 'v3'\n[moe]\nexperts = 4\ntop_k = 20\nscorng = 'softmax'\n"),
      (std::vector<std::string>{"r.toml:5: unknown key model.moe.scorng; did you mean scoring?",
                                "r.toml:2: model.moe: top_k=20 exceeds experts=4"}));
}

TEST(Config, NothingIsSaidOfADefaultThatStandsForWhatCouldNotBeRead) {
  EXPECT_EQ(problems_of("name = 'v3'\n[moe]\ntop_k = 20\nexperts = 'many'\n"),
            (std::vector<std::string>{"r.toml:4: model.moe.experts is \"many\", not an integer"}));
  EXPECT_EQ(
      problems_of("name = 'v3'\n[moe]\ntop_k = 20\nexpert = 40\n"),
      (std::vector<std::string>{"r.toml:4: unknown key model.moe.expert; did you mean experts?"}));
}

TEST(Config, ADoubtIsAboutItsOwnTableAndWholeWords) {
  Problems problems;
  problems.doubt("model.moe.top_k");
  EXPECT_TRUE(problems.is_doubtful("model", "moe.top_k=3 exceeds moe.experts=2"));
  EXPECT_TRUE(problems.is_doubtful("model.moe", "top_k=3 exceeds experts=2"));
  EXPECT_TRUE(problems.is_doubtful("", "moe and width exclude each other"));
  EXPECT_FALSE(problems.is_doubtful("other", "top_k=3 exceeds experts=2"));
  EXPECT_FALSE(problems.is_doubtful("mod", "top_k=3 exceeds experts=2"));
  EXPECT_FALSE(problems.is_doubtful("model", "moe.experts=2, moe.top_k_max=1"));
}

TEST(Config, FloatsThatAreNoWholeNumberOrTooLargeAreNoIntegers) {
  EXPECT_EQ(problems_of("name = ''\nwidth = 1e300").size(), 1);
  EXPECT_EQ(problems_of("name = ''\nwidth = nan").size(), 1);
  EXPECT_EQ(problems_of("name = ''\nwidth = 1e15").size(), 0);
}

TEST(Config, WhatIsWrittenReadsBackExactly) {
  Model model{.name = "a \"quoted\"\\ line\n\x01 ü", .rate = 0.1 + 0.2, .sizes = {1, -2}};
  model.mixture = {{"x.y z", 1e-300}, {"one", 1.0}, {"large", 1e22}};
  model.moe.scoring = Scoring::kSoftmax;
  const std::string text = to_toml(model);
  const auto again = read_config<Model>(parse_toml(text, "again"), "model");
  EXPECT_EQ(to_toml(again), text);
  EXPECT_EQ(again.name, model.name);
  EXPECT_EQ(again.rate, model.rate);
  EXPECT_EQ(again.mixture, model.mixture);
  EXPECT_EQ(again.rank, std::nullopt);
  EXPECT_EQ(write_config(again), write_config(model));
}

TEST(Config, DoublesAreWrittenInTheFewestDigits) {
  EXPECT_EQ(to_toml(Model{.name = "m", .rate = 2.2e-4}).substr(0, 36),
            "name = \"m\"\nwidth = 8\nrate = 0.00022\n");
}

TEST(Config, JsonHoldsTheSameValues) {
  const Model model{.name = "v3", .sizes = {4}, .rank = 7};
  const Json json = to_json(model);
  EXPECT_EQ(json.at("moe").at("scoring"), "sigmoid");
  const auto again = read_config<Model>(from_json(json, "config.json"), "model");
  EXPECT_EQ(to_toml(again), to_toml(model));
}

TEST(ConfigNode, AnOverrideReplacesOrMakesAKey) {
  ConfigNode root = parse_toml("[model.moe]\nexperts = 4\n", "r.toml");
  set_override(root, "model.moe.experts=8");
  set_override(root, "model.\"v2.5\".path=some/folder");
  set_override(root, "seed = 3");
  set_override(root, "mixture={ prose = 0.5 }");
  EXPECT_EQ(root,
            parse_toml("seed = 3\nmixture.prose = 0.5\n[model.moe]\nexperts = 8\n"
                       "[model.'v2.5']\npath = 'some/folder'",
                       ""));
}

TEST(ConfigNode, AnOverrideIsNamedWhereItsValueIsWrong) {
  ConfigNode root = parse_toml("name = 'v3'\n", "r.toml");
  set_override(root, "moe.topk=8");
  Problems problems;
  read_config<Model>(root, "", problems);
  EXPECT_EQ(
      problems.sentences(),
      (std::vector<std::string>{"--set moe.topk=8: unknown key moe.topk; did you mean top_k?"}));
}

TEST(ConfigNode, AnOverrideThatIsNoAssignmentIsRefused) {
  ConfigNode root = parse_toml("name = 'v3'\n", "r.toml");
  EXPECT_THROW(set_override(root, "experts"), Error);
  EXPECT_THROW(set_override(root, "=8"), Error);
  EXPECT_THROW(set_override(root, "name.first=8"), Error);
  EXPECT_THROW(set_override(root, "a b=8"), Error);
}

TEST(ConfigNode, KeepsTheOrderOfTheFile) {
  const ConfigNode root = parse_toml("zebra = 1\n[process.b]\n[process.a]\n", "r.toml");
  EXPECT_EQ(root.entries()[0].key, "zebra");
  EXPECT_EQ(root.find("process")->entries()[0].key, "b");
  EXPECT_EQ(root.find("process")->entries()[1].node.where, "r.toml:3");
}

TEST(ConfigNode, TextThatIsNotTomlNamesItsLine) {
  try {
    parse_toml("a = 1\nb = = 2\n", "r.toml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).substr(0, 20), "r.toml:2: not TOML: ");
  }
}

TEST(Nearest, CountsASwapOfNeighboursOnceAndGivesUpWhenFar) {
  EXPECT_EQ(nearest("taht", {"then", "that"}), "that");
  EXPECT_EQ(nearest("num_experts", {"top_k", "experts"}), "experts");
  EXPECT_EQ(nearest("colour", {"top_k", "experts"}), std::nullopt);
}

}  // namespace
}  // namespace rq
