// GRPO's formulas against loops over doubles, with gradients by differences.

#include "rl/objective.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "rl/lessons.h"

namespace rq::rl {
namespace {

TEST(GroupAdvantages, AreDistancesFromTheMeanInDeviations) {
  const std::vector<double> rewards = {1, 0, 0, 1, 1, 1};
  const std::vector<double> advantages = group_advantages(rewards);
  const double mean = 4.0 / 6, deviation = std::sqrt(mean * (1 - mean));
  for (std::size_t i = 0; i < rewards.size(); ++i) {
    EXPECT_NEAR(advantages[i], (rewards[i] - mean) / deviation, 1e-12);
  }
}

TEST(GroupAdvantages, AreNothingWhereAllRewardsAreTheSame) {
  const std::vector<double> rewards(7, 0.1);  // whose mean is not 0.1 to the bit
  for (const double advantage : group_advantages(rewards)) {
    EXPECT_EQ(advantage, 0);
  }
}

struct TokenValues {
  double logprob, rollout, reference, advantage, weight;
};

// Ratios below, within and above the clip, for good and bad answers.
const std::vector<TokenValues> kTokens = {
    {-1.0, -1.0, -1.2, 1.5, 0.2},
    {-1.0, -1.5, -0.8, 1.5, 0.1},    // above the clip, and good: clipped
    {-1.0, -1.5, -0.8, -0.5, 0.3},   // above the clip, and bad: not clipped
    {-2.0, -1.5, -2.8, 0.7, 0.15},   // below the clip, and good: not clipped
    {-2.0, -1.5, -2.8, -0.7, 0.25},  // below the clip, and bad: clipped
    {-0.3, -0.25, -0.3, 0, 0.1},
};
constexpr double kBelow = 0.2, kAbove = 0.3, kBeta = 0.04;

double loss_by_loop(const std::vector<TokenValues>& tokens, bool kl_correction) {
  double loss = 0;
  for (const TokenValues& token : tokens) {
    const double ratio = std::exp(token.logprob - token.rollout);
    const double clipped = std::min(std::max(ratio, 1 - kBelow), 1 + kAbove);
    const double surrogate = std::min(ratio * token.advantage, clipped * token.advantage);
    const double other = std::exp(token.reference) / std::exp(token.logprob);
    const double kl = (other - std::log(other) - 1) * (kl_correction ? ratio : 1);
    loss -= token.weight * (surrogate - kBeta * kl);
  }
  return loss;
}

Tensor column(double TokenValues::* member) {
  std::vector<double> values;
  for (const TokenValues& token : kTokens) {
    values.push_back(token.*member);
  }
  return at::tensor(values, at::kDouble);
}

void expect_the_formulas(bool kl_correction) {
  const Tensor logprobs = column(&TokenValues::logprob).set_requires_grad(true);
  const PolicyLoss loss = policy_loss({.logprobs = logprobs,
                                       .rollout_logprobs = column(&TokenValues::rollout),
                                       .reference_logprobs = column(&TokenValues::reference),
                                       .advantages = column(&TokenValues::advantage),
                                       .weights = column(&TokenValues::weight)},
                                      {.clip_below = kBelow,
                                       .clip_above = kAbove,
                                       .kl_weight = kBeta,
                                       .kl_correction = kl_correction});
  EXPECT_NEAR(loss.total.item<double>(), loss_by_loop(kTokens, kl_correction), 1e-12);
  loss.total.backward();
  for (std::size_t i = 0; i < kTokens.size(); ++i) {
    constexpr double kStep = 1e-6;
    std::vector<TokenValues> up = kTokens, down = kTokens;
    up[i].logprob += kStep;
    down[i].logprob -= kStep;
    EXPECT_NEAR(logprobs.grad()[static_cast<std::int64_t>(i)].item<double>(),
                (loss_by_loop(up, kl_correction) - loss_by_loop(down, kl_correction)) / (2 * kStep),
                1e-7)
        << "token " << i;
  }
  EXPECT_TRUE(at::equal(loss.is_clipped, at::tensor({0, 1, 0, 0, 1, 0}).to(at::kBool)));
}

TEST(PolicyLoss, AndItsGradientAreTheFormulas) {
  expect_the_formulas(/*kl_correction=*/false);
  expect_the_formulas(/*kl_correction=*/true);
}

TEST(PolicyLoss, KnowsNoReferenceWhereThereIsNone) {
  const PolicyLoss loss = policy_loss({.logprobs = at::zeros({2}),
                                       .rollout_logprobs = at::zeros({2}),
                                       .reference_logprobs = {},
                                       .advantages = at::tensor({1.0, -3.0}, at::kFloat),
                                       .weights = at::full({2}, 0.5)},
                                      {.kl_weight = 1});
  EXPECT_FLOAT_EQ(loss.total.item<float>(), 1);
  EXPECT_FALSE(loss.kl.defined());
}

TEST(Lessons, WeighByAnswerOrByToken) {
  const Prompt prompt{.tokens = {7, 8, 9}, .domain = "math"};
  JudgedAnswer brief{.answer = {.tokens = {1, 2}, .logprobs = {-1, -2}}, .advantage = 0.5};
  JudgedAnswer longer{
      .answer = {.tokens = {3, 4, 5, 6, 7, 8}, .logprobs = {-3, -3, -3, -3, -3, -3}},
      .advantage = -2};
  const std::vector<Lesson> lessons = {{&prompt, &brief}, {&prompt, &longer}};
  EXPECT_EQ(weights_of(lessons, Mean::kSequence), (std::vector<double>{1.0 / 4, 1.0 / 12}));
  EXPECT_EQ(weights_of(lessons, Mean::kToken), (std::vector<double>{1.0 / 8, 1.0 / 8}));

  const PackedLessons packed = pack(lessons, weights_of(lessons, Mean::kSequence));
  EXPECT_EQ(packed.samples.lengths, (std::vector<int64_t>{5, 9}));
  EXPECT_TRUE(at::equal(packed.samples.tokens,
                        at::tensor({7, 8, 9, 1, 2, 7, 8, 9, 3, 4, 5, 6, 7, 8}, at::kLong)));
  EXPECT_NEAR(packed.samples.weights.sum().item<double>(), 1, 1e-6);
  EXPECT_EQ(packed.samples.weights.slice(0, 0, 3).sum().item<float>(), 0);
  EXPECT_EQ(packed.rollout_logprobs[4].item<float>(), -2);
  EXPECT_EQ(packed.rollout_logprobs[5].item<float>(), 0);
  EXPECT_EQ(packed.advantages[13].item<float>(), -2);
}

}  // namespace
}  // namespace rq::rl
