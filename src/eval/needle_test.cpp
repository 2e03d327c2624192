// The map: who knows everything finds everything, and nothing else changes what is found.

#include "eval/needle.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "eval/testing/prose.h"
#include "eval/testing/small_model.h"

namespace rq::eval {
namespace {

using testing::Lines;
using testing::prose;
using testing::small_model;
using testing::small_tokenizer;

NeedleConfig small_config() {
  return {.lengths = {200, 400},
          .depths = {0, 0.5, 1},
          .needles = 5,
          .variants = {Variant::kSingle, Variant::kMultiKey},
          .distractors = 2};
}

// Finds what stands in the first `reach` tokens of a prompt, or in the last.
enum class Sees { kFirst, kLast };
Answerer nearsighted(Sees sees, std::int64_t reach) {
  return [=](std::span<const Prompt> prompts) {
    std::vector<Verdict> verdicts;
    for (const Prompt& prompt : prompts) {
      const auto length = static_cast<std::int64_t>(prompt.tokens.size());
      const std::int64_t at = prompt.statements.front();
      const bool finds = sees == Sees::kFirst ? at < reach : length - at < reach;
      verdicts.push_back({.by_probability = finds, .by_generation = finds && at == 0});
    }
    return verdicts;
  };
}

NeedleMap map_of(const Answerer& answerer, const NeedleConfig& config) {
  return search(answerer, PromptMaker(small_tokenizer(), prose(600, Lines::kOne), config), config);
}

TEST(Needle, CellsStandByVariantThenLengthThenDepthAndHoldWhatWasFound) {
  const NeedleMap map = map_of(nearsighted(Sees::kFirst, 150), small_config());
  ASSERT_EQ(map.cells.size(), 12U);
  EXPECT_EQ(map.cells[3].place,
            (NeedlePlace{.variant = Variant::kSingle, .length = 400, .depth = 0}));
  EXPECT_EQ(map.cells[6].place.variant, Variant::kMultiKey);
  // 400 tokens, depths 0, 50 and 100 %: the first 150 tokens hold the first alone.
  for (const auto& [cell, found] : {std::pair{3, 5}, {4, 0}, {5, 0}}) {
    EXPECT_EQ(map.cells[cell].trials, 5);
    EXPECT_EQ(map.cells[cell].hits_by_probability, found) << cell;
  }
  EXPECT_EQ(map.cells[3].hits_by_generation, 5);
  const NeedleMap late = map_of(nearsighted(Sees::kLast, 150), small_config());
  EXPECT_EQ(late.cells[3].hits_by_probability, 0);
  EXPECT_EQ(late.cells[5].hits_by_probability, 5);
}

TEST(Needle, TheSizeOfABatchChangesNothingAndKeepsItsBound) {
  NeedleConfig alone = small_config(), together = small_config();
  alone.batch_tokens = 1;
  together.batch_tokens = 850;
  std::size_t most = 0;
  const auto collect = [&](const NeedleConfig& config) {
    std::vector<std::vector<std::int32_t>> asked;
    map_of(
        [&](std::span<const Prompt> prompts) {
          most = std::max(most, prompts.size() * prompts.front().tokens.size());
          for (const Prompt& prompt : prompts) {
            asked.push_back(prompt.tokens);
          }
          return std::vector<Verdict>(prompts.size());
        },
        config);
    return asked;
  };
  const auto one = collect(alone);
  EXPECT_EQ(most, 400U);
  EXPECT_EQ(one, collect(together));
  EXPECT_EQ(most, 800U);
  EXPECT_EQ(one.size(), 60U);
}

TEST(Needle, ReportsTokensUpToTheTotal) {
  std::int64_t last = 0, total = 0;
  search(nearsighted(Sees::kLast, 0),
         PromptMaker(small_tokenizer(), prose(600, Lines::kOne), small_config()),
         small_config(),
         [&](std::int64_t done, std::int64_t all) {
           EXPECT_GT(done, last);
           last = done;
           total = all;
         });
  EXPECT_EQ(last, 2 * 3 * 5 * (200 + 400));
  EXPECT_EQ(total, last);
}

TEST(Needle, AProbeOfAModelIsTheSameTwiceAndInBatchesAndLeavesGradientsOn) {
  NeedleConfig config = small_config();
  config.lengths = {128};
  config.variants = {Variant::kSingle};
  const std::string text = prose(300, Lines::kSentences);
  const auto cells = [&](std::int64_t batch_tokens) {
    config.batch_tokens = batch_tokens;
    return probe(small_model(), small_tokenizer(), text, config).cells;
  };
  at::manual_seed(1);
  const Tensor expected = at::rand({1});
  at::manual_seed(1);
  const auto first = cells(4096);
  EXPECT_TRUE(at::equal(at::rand({1}), expected));
  EXPECT_TRUE(at::GradMode::is_enabled());
  EXPECT_EQ(first, cells(4096));
  EXPECT_EQ(first, cells(1));
}

TEST(Needle, LengthsArePowersOfTwoUpToTheContextUnlessGiven) {
  EXPECT_EQ(resolve({}, 1000).lengths, (std::vector<std::int64_t>{256, 512, 1000}));
  EXPECT_EQ(resolve({}, 1024).lengths, (std::vector<std::int64_t>{256, 512, 1024}));
  EXPECT_EQ(resolve({}, 128).lengths, (std::vector<std::int64_t>{128}));
  EXPECT_EQ(resolve({.lengths = {77}}, 128).lengths, (std::vector<std::int64_t>{77}));
}

TEST(Needle, ALengthPastTheContextIsRefusedWithBothNumbers) {
  try {
    probe(small_model(), small_tokenizer(), prose(300, Lines::kOne), {.lengths = {4096}});
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "needle: a length of 4096 tokens exceeds the model's context of 256");
  }
}

TEST(Needle, SettingsThatCannotBeAreNamedTogether) {
  const NeedleConfig wrong{
      .lengths = {0}, .depths = {0.5, 1.5}, .needles = 0, .variants = {}, .facts = 1};
  EXPECT_EQ(wrong.problems().size(), 5U);
  EXPECT_EQ((NeedleConfig{.depths = {0.5, 0.5}}.problems().size()), 1U);
  EXPECT_TRUE(NeedleConfig{}.problems().empty());
}

TEST(Needle, ALineOfTextSaysWhatWasFound) {
  NeedleMap map{.config = {.lengths = {256, 2048},
                           .depths = {0, 1},
                           .variants = {Variant::kSingle, Variant::kMultiKey}},
                .cells = {}};
  for (const std::int64_t hits : {20, 20, 19, 20, 0, 1, 0, 0}) {
    const auto at = map.cells.size();
    map.cells.push_back({.place = {.variant = map.config.variants[at / 4],
                                   .length = map.config.lengths[at / 2 % 2],
                                   .depth = map.config.depths[at % 2]},
                         .trials = 20,
                         .hits_by_probability = 20,
                         .hits_by_generation = hits,
                         .mean_depth = 0});
  }
  EXPECT_EQ(describe(map),
            "needle: 256 tokens 100 %, 2048 tokens 98 % (depths 95-100 %); "
            "multi-key, 256 tokens 3 % (depths 0-5 %), 2048 tokens 0 %");
}

TEST(Needle, DepthsAreSpreadEvenly) {
  EXPECT_EQ(even_depths(5), (std::vector<double>{0, 0.25, 0.5, 0.75, 1}));
  EXPECT_EQ(even_depths(1), (std::vector<double>{0.5}));
  EXPECT_THROW(even_depths(0), Error);
}

}  // namespace
}  // namespace rq::eval
