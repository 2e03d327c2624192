// A reward model's loss against its formula, and its training.

#include "train/reward_model.h"

#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/format.h"
#include "model/model.h"
#include "model/parameters.h"
#include "train/objective.h"

namespace rq::train {
namespace {

namespace fs = std::filesystem;

model::Model small_model() {
  model::ModelConfig config{.vocab_size = 20,
                            .width = 16,
                            .layers = 1,
                            .dense_layers = 1,
                            .dense_width = 24,
                            .context = 32,
                            .mtp_layers = 1,
                            .init_std = 0.1,
                            .attention = {.heads = 2,
                                          .query_rank = 0,
                                          .kv_rank = 8,
                                          .nope_width = 8,
                                          .rope_width = 4,
                                          .value_width = 8,
                                          .rope = {}},
                            .moe = {.experts = 0}};
  model::Model model = model::make_model(config);
  model::initialize_(model, 1);
  return model;
}

// Two sequences that differ in their last token but one: 7 is better than 8.
data::Sample pair(std::int32_t first) {
  data::Sample made;
  made.tokens = {first, 3, 7, 1, first, 3, 8, 1};
  made.is_answer = {false, false, false, true, false, false, false, true};
  return made;
}

TEST(PreferenceLosses, AreTheLogisticLossOfTheDifferenceOfTheScoresOfLastTokens) {
  model::Model model = small_model();
  at::manual_seed(3);
  model.score = at::randn({1, 16});
  // Three pairs of other lengths; each sequence alone gives the same scores.
  const std::vector<std::vector<std::int64_t>> sequences = {
      {1, 2, 3}, {4, 5}, {6}, {7, 8, 9, 10}, {2, 2}, {3, 1, 2}};
  std::vector<double> scores;
  Samples packed;
  std::vector<std::int64_t> tokens;
  for (const auto& sequence : sequences) {
    const Tensor alone = model(at::tensor(sequence).unsqueeze(0)).hidden;
    scores.push_back(at::mv(alone, model.score[0])[-1].item<double>());
    packed.lengths.push_back(static_cast<std::int64_t>(sequence.size()));
    tokens.insert(tokens.end(), sequence.begin(), sequence.end());
  }
  packed.tokens = at::tensor(tokens);
  double loss = 0;
  std::int64_t in_order = 0;
  for (std::size_t i = 0; i < scores.size(); i += 2) {
    loss += std::log1p(std::exp(scores[i + 1] - scores[i])) / 3;
    in_order += scores[i] > scores[i + 1] ? 1 : 0;
  }
  std::int64_t right = -1;
  const Losses losses = preference_losses(model, packed, {}, model::Recompute::kNone, right);
  EXPECT_NEAR(losses.next_token.item<double>(), loss, 1e-5);
  EXPECT_EQ(right, in_order);
  const Tensor found = scores_of(model, packed);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    EXPECT_NEAR(found[static_cast<std::int64_t>(i)].item<double>(), scores[i], 1e-4);
  }
}

TEST(RewardModel, LearnsWhichOfTwoIsPreferredAndForOtherQuestionsToo) {
  const fs::path folder = fs::path(testing::TempDir()) / fmt::format("rorqual_rm_{}", ::getpid());
  model::Model model = small_model();
  data::SampleSource source;
  for (std::int32_t first = 10; first < 16; ++first) {
    source.samples.push_back(pair(first));
  }
  data::SampleLoader loader({{"pairs", source}}, 30, 1);
  RewardModelConfig config;
  config.learning_rate.peak = 1e-2;
  config.step_tokens = 16;
  fit_reward_model({.config = config,
                    .model = model,
                    .loader = loader,
                    .workplace = {.folder = folder,
                                  .on_step = [](std::int64_t, double) {},
                                  .probe = {},
                                  .log = [](std::string_view) {}}});
  fs::remove_all(folder);
  EXPECT_EQ(pairs_in_order(model, {pair(17), pair(18)}), 2);
  data::Sample better = pair(17), worse = pair(17);
  better.tokens.resize(4);
  worse.tokens = {17, 3, 8, 1};
  EXPECT_GT(worth_of(model, better), worth_of(model, worse) + 1);
}

}  // namespace
}  // namespace rq::train
