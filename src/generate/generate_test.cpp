// Scoring and continuing against each other, on a small random model.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "generate/sample.h"
#include "generate/score.h"
#include "model/model.h"

namespace rq::generate {
namespace {

using Tokens = std::vector<std::int32_t>;

const model::Model& small_model() {
  static const model::Model model = [] {
    model::ModelConfig config{.vocab_size = 50,
                              .width = 32,
                              .layers = 2,
                              .dense_layers = 1,
                              .dense_width = 48,
                              .context = 40,
                              .mtp_layers = 0,
                              .init_std = 0.3,
                              .embedding_std = 0,
                              .shared_embedding_std = 0,
                              .look_back = 0,
                              .attention = {},
                              .moe = {}};
    config.attention.heads = 2;
    config.attention.query_rank = 0;
    config.attention.kv_rank = 16;
    config.attention.nope_width = config.attention.value_width = 8;
    config.attention.rope_width = 4;
    config.moe.experts = 4;
    config.moe.top_k = 2;
    config.moe.groups = config.moe.top_groups = 1;
    config.moe.expert_width = 16;
    model::Model made = model::make_model(config);
    model::initialize_(made, 3);
    return made;
  }();
  return model;
}

TEST(Score, ProbabilitiesOfAllNextTokensSumToOne) {
  double total = 0;
  for (std::int32_t next = 0; next < 50; ++next) {
    total +=
        std::exp(static_cast<double>(log_probabilities(small_model(), Tokens{7, 3, next}).back()));
  }
  EXPECT_NEAR(total, 1.0, 1e-4);
}

TEST(Score, OneTokenHasNothingBeforeIt) {
  EXPECT_TRUE(log_probabilities(small_model(), Tokens{7}).empty());
}

TEST(Score, TokensPastTheContextOrTheVocabularyAreRefused) {
  EXPECT_THROW(log_probabilities(small_model(), Tokens(41, 1)), Error);
  EXPECT_THROW(log_probabilities(small_model(), Tokens{1, 50}), Error);
  EXPECT_THROW(log_probabilities(small_model(), Tokens{-1, 1}), Error);
}

TEST(Score, WindowsGiveEveryTokenTheProbabilityItHasInTheFirstWindowThatHoldsIt) {
  Tokens text;
  for (std::int32_t i = 0; i < 75; ++i) {
    text.push_back(i * i % 50);
  }
  const std::vector<float> whole = log_probabilities_in_windows(small_model(), text);
  ASSERT_EQ(whole.size(), 74);
  // The context is 40: token 39 is the last of the first window, token 70 stands in the window that
  // starts at 40.
  const auto alone = [&](std::size_t start, std::size_t token) {
    return log_probabilities(small_model(), std::span(text).subspan(start, token - start + 1))
        .back();
  };
  EXPECT_NEAR(whole[39 - 1], alone(0, 39), 1e-4);
  EXPECT_NEAR(whole[40 - 1], alone(20, 40), 1e-4);
  EXPECT_NEAR(whole[70 - 1], alone(40, 70), 1e-4);
  const Tokens brief(text.begin(), text.begin() + 40);
  EXPECT_EQ(log_probabilities_in_windows(small_model(), brief),
            log_probabilities(small_model(), brief));
}

TEST(Generate, AtTemperatureZeroEachTokenIsTheMostProbableByScore) {
  const Tokens prompt{5, 9, 2};
  const Tokens made =
      continue_tokens(small_model(), prompt, {.max_tokens = 12, .temperature = 0}, std::nullopt);
  ASSERT_EQ(made.size(), 12);
  Tokens text = prompt;
  for (const std::int32_t token : made) {
    text.push_back(token);
    const float chosen = log_probabilities(small_model(), text).back();
    for (std::int32_t other = 0; other < 50; ++other) {
      Tokens instead = text;
      instead.back() = other;
      EXPECT_LE(log_probabilities(small_model(), instead).back(), chosen + 1e-4F);
    }
  }
}

TEST(Generate, TheSameSeedGivesTheSameTokensAndAnotherDoesNot) {
  const auto draw = [](std::uint64_t seed) {
    return continue_tokens(
        small_model(), Tokens{1}, {.max_tokens = 30, .seed = seed}, std::nullopt);
  };
  EXPECT_EQ(draw(4), draw(4));
  EXPECT_NE(draw(4), draw(5));
}

TEST(Generate, StopsAtTheEndTokenAndAtTheContext) {
  const Tokens free = continue_tokens(
      small_model(), Tokens{1, 2}, {.max_tokens = 100, .temperature = 0}, std::nullopt);
  EXPECT_EQ(free.size(), 38);
  EXPECT_TRUE(
      continue_tokens(small_model(), Tokens{1, 2}, {.temperature = 0}, free.front()).empty());
  EXPECT_THROW(continue_tokens(small_model(), Tokens(40, 1), {}, std::nullopt), Error);
  EXPECT_THROW(continue_tokens(small_model(), Tokens{}, {}, std::nullopt), Error);
}

TEST(Sample, DrawsInProportionAndOnlyWithinTopP) {
  const Tensor logits = at::tensor({0.5, 0.3, 0.2}).log();
  Rng rng(1, "test");
  std::vector<int> counts(3), narrow(3);
  for (int i = 0; i < 20000; ++i) {
    ++counts[sample(logits, {}, rng)];
    ++narrow[sample(logits, {.top_p = 0.6}, rng)];
  }
  EXPECT_NEAR(counts[0], 10000, 300);
  EXPECT_NEAR(counts[2], 4000, 250);
  EXPECT_NEAR(narrow[0], 12500, 300);  // 0.5 / 0.8
  EXPECT_EQ(narrow[2], 0);
}

TEST(Sample, SettingsThatCannotBeAreRefused) {
  EXPECT_THROW((Sampling{.temperature = -1}.validate()), Error);
  EXPECT_THROW((Sampling{.top_p = 0}.validate()), Error);
}

}  // namespace
}  // namespace rq::generate
