// Buckets against a slow loop over single losses.

#include "eval/loss_by_position.h"

#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/rng.h"
#include "eval/context.h"
#include "eval/testing/small_model.h"
#include "generate/score.h"

namespace rq::eval {
namespace {

using testing::small_model;
using Borders = std::vector<std::int64_t>;
using Tokens = std::vector<std::int32_t>;

TEST(BucketBorders, AreThePowersOfTwoOrEqualOrAsManyAsAsked) {
  EXPECT_EQ(bucket_borders(Spacing::kLogarithmic, 0, 8), (Borders{1, 2, 4, 8}));
  EXPECT_EQ(bucket_borders(Spacing::kLogarithmic, 0, 11), (Borders{1, 2, 4, 8, 11}));
  EXPECT_EQ(bucket_borders(Spacing::kLogarithmic, 2, 100), (Borders{1, 10, 100}));
  EXPECT_EQ(bucket_borders(Spacing::kEqual, 4, 101), (Borders{1, 26, 51, 76, 101}));
  EXPECT_EQ(bucket_borders(Spacing::kEqual, 0, 3), (Borders{1, 2, 3}));
  EXPECT_EQ(bucket_borders(Spacing::kEqual, 0, 1025).size(), 17U);
}

TEST(BucketBorders, NothingToScoreIsRefused) {
  EXPECT_THROW(bucket_borders(Spacing::kEqual, 4, 1), Error);
  EXPECT_THROW(bucket_borders(Spacing::kEqual, -1, 10), Error);
}

TEST(LossByPosition, MeansCountsAndErrorsAreThoseOfASlowLoop) {
  Rng rng(1, "test");
  std::vector<std::vector<float>> sequences;
  for (const int length : {39, 12, 0, 39, 20, 1, 25}) {
    std::vector<float>& sequence = sequences.emplace_back();
    const double level = rng.normal();  // what the tokens of a sequence share
    for (int i = 0; i < length; ++i) {
      sequence.push_back(static_cast<float>(-3 + level + 0.5 * rng.normal()));
    }
  }
  const Borders borders{1, 4, 16, 40};
  LossByPosition losses(borders);
  for (const auto& sequence : sequences) {
    losses.add(sequence);
  }
  const auto buckets = losses.buckets();
  ASSERT_EQ(buckets.size(), 3U);
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    double sum = 0, tokens = 0, squares = 0, holders = 0;
    const auto each_loss = [&](const auto& sequence, const auto& visit) {
      for (std::size_t at = 0; at < sequence.size(); ++at) {
        const auto position = static_cast<std::int64_t>(at) + 1;
        if (position >= borders[i] && position < borders[i + 1]) {
          visit(-static_cast<double>(sequence[at]));
        }
      }
    };
    for (const auto& sequence : sequences) {
      each_loss(sequence, [&](double loss) {
        sum += loss;
        ++tokens;
      });
    }
    for (const auto& sequence : sequences) {
      double distance = 0;
      bool is_held = false;
      each_loss(sequence, [&](double loss) {
        distance += loss - sum / tokens;
        is_held = true;
      });
      squares += distance * distance;
      holders += is_held ? 1 : 0;
    }
    EXPECT_EQ(buckets[i].first, borders[i]);
    EXPECT_EQ(buckets[i].last, borders[i + 1] - 1);
    EXPECT_EQ(buckets[i].tokens, static_cast<std::int64_t>(tokens));
    EXPECT_EQ(buckets[i].sequences, static_cast<std::int64_t>(holders));
    EXPECT_NEAR(buckets[i].loss, sum / tokens, 1e-9);
    EXPECT_NEAR(
        buckets[i].standard_error, std::sqrt(squares * holders / (holders - 1)) / tokens, 1e-9);
  }
}

TEST(LossByPosition, OneSequenceHasNoErrorAndAnEmptyBucketNoLoss) {
  LossByPosition losses({1, 2, 4});
  losses.add(std::vector<float>{-1});
  const auto buckets = losses.buckets();
  EXPECT_EQ(buckets[0].loss, 1);
  EXPECT_TRUE(std::isnan(buckets[0].standard_error));
  EXPECT_EQ(buckets[1].tokens, 0);
  EXPECT_TRUE(std::isnan(buckets[1].loss));
}

TEST(LossByPosition, DocumentsAreCutIntoPiecesThatEachBeginAnew) {
  Tokens document(9);
  std::iota(document.begin(), document.end(), 0);
  std::vector<Tokens> pieces;
  append_pieces(document, 4, pieces);
  EXPECT_EQ(pieces, (std::vector<Tokens>{{0, 1, 2, 3}, {4, 5, 6, 7}}));  // of the last one token
  append_pieces(std::span(document).first(3), 4, pieces);
  EXPECT_EQ(pieces.back(), (Tokens{0, 1, 2}));
}

TEST(LossByPosition, AModelIsScoredUpToItsContextAndCountsWhatIsThere) {
  Rng rng(2, "test");
  std::vector<Tokens> sequences;
  for (const std::size_t length : {300, 300, 40}) {
    Tokens& sequence = sequences.emplace_back();
    while (sequence.size() < length) {
      sequence.push_back(static_cast<std::int32_t>(rng.below(300)));
    }
  }
  const Borders borders{1, 64, 256, 300};
  const auto buckets = loss_by_position(small_model(), sequences, borders);
  EXPECT_EQ(buckets[0].tokens, 63 + 63 + 39);
  EXPECT_EQ(buckets[1].tokens, 2 * 192);
  EXPECT_EQ(buckets[2].tokens, 0);
  const auto values = generate::log_probabilities(small_model(), sequences[2]);
  const auto alone = loss_by_position(small_model(), std::span(sequences).subspan(2), borders);
  EXPECT_NEAR(alone[0].loss, -std::accumulate(values.begin(), values.end(), 0.0) / 39, 1e-6);

  model::Model further = small_model();
  raise_context(further.config, 300);
  EXPECT_EQ(loss_by_position(further, sequences, borders)[2].tokens, 2 * 44);
}

TEST(RaiseContext, LowerOnesAndStretchedPositionsAreRefusedWithBothNumbers) {
  const auto message = [](model::ModelConfig config, std::int64_t context) -> std::string {
    try {
      raise_context(config, context);
      return fmt::format("raised to {}", config.context);
    } catch (const Error& error) {
      return error.what();
    }
  };
  model::ModelConfig config;
  config.context = 4096;
  EXPECT_EQ(message(config, 8192), "raised to 8192");
  EXPECT_EQ(message(config, 4095), "a context of 4095 tokens is below the model's own of 4096");
  config.attention.rope.scaling = model::RopeScaling::kYarn;
  EXPECT_EQ(message(config, 4096), "raised to 4096");
  const std::string refusal = message(config, 8192);
  EXPECT_NE(refusal.find("8192"), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("(yarn) for 4096"), std::string::npos) << refusal;
}

}  // namespace
}  // namespace rq::eval
