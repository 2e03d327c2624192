// The optimizer against formulas written out by hand, and the schedules against DeepSeek-V3's
// published ones.

#include <cmath>
#include <cstdint>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "base/tensor.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

namespace rq::optim {
namespace {

Tensor parameter(const std::vector<float>& values) {
  return tensor_from(values, {static_cast<int64_t>(values.size())}).set_requires_grad(true);
}

TEST(AdamW, FollowsItsFormulaStepByStep) {
  const OptimizerConfig config{.beta1 = 0.8, .beta2 = 0.9, .epsilon = 1e-6, .weight_decay = 0.1};
  const Tensor x = parameter({1.0F});
  Optimizer optimizer(config, {{"x", x, Rule::kEmbedding}});
  double value = 1, m = 0, v = 0;
  for (int step = 1; step <= 5; ++step) {
    const double g = 0.3 * step - 1;
    x.mutable_grad() = at::full({1}, g, at::kFloat);
    optimizer.step_(0.01);
    value *= 1 - 0.01 * 0.1;
    m = 0.8 * m + 0.2 * g;
    v = 0.9 * v + 0.1 * g * g;
    value -=
        0.01 * (m / (1 - std::pow(0.8, step))) / (std::sqrt(v / (1 - std::pow(0.9, step))) + 1e-6);
    EXPECT_NEAR(x.item<double>(), value, 1e-6);
  }
}

TEST(AdamW, EqualsTheFusedKernelOfTheLibrary) {
  at::manual_seed(3);
  const Tensor ours = at::randn({7, 5}).set_requires_grad(true), theirs = ours.detach().clone();
  const Tensor m = at::zeros_like(theirs), v = at::zeros_like(theirs),
               count = at::zeros({}, at::kFloat);
  Optimizer optimizer({}, {{"x", ours, Rule::kMatrix}});
  for (int step = 0; step < 4; ++step) {
    const Tensor g = at::randn({7, 5});
    ours.mutable_grad() = g.clone();
    optimizer.step_(1e-2);
    count.add_(1);
    at::_fused_adamw_(
        {theirs}, {g}, {m}, {v}, {}, {count}, 1e-2, 0.9, 0.95, 0.1, 1e-8, false, false);
  }
  EXPECT_TRUE(at::allclose(ours.detach(), theirs, 1e-5, 1e-6));
}

TEST(Optimizer, GainsDoNotDecay) {
  const Tensor x = parameter({1.0F});
  Optimizer optimizer({}, {{"x", x, Rule::kGain}});
  x.mutable_grad() = at::zeros({1});
  optimizer.step_(0.1);
  EXPECT_EQ(x.item<float>(), 1.0F);
}

TEST(Optimizer, AParameterWithoutAGradientStaysAsItIs) {
  const Tensor x = parameter({1.0F});
  Optimizer optimizer({}, {{"x", x, Rule::kMatrix}});
  optimizer.step_(0.1);
  EXPECT_EQ(x.item<float>(), 1.0F);
}

TEST(Optimizer, GradientsAreScaledToTheClippingNorm) {
  const Tensor x = parameter({0.0F, 0.0F});
  Optimizer optimizer({.clip_norm = 1.0}, {{"x", x, Rule::kMatrix}});
  x.mutable_grad() = tensor_from({3.0F, 4.0F}, {2});
  EXPECT_NEAR(optimizer.clip_gradients_(), 5.0, 1e-6);
  EXPECT_TRUE(at::allclose(x.grad(), tensor_from({0.6F, 0.8F}, {2})));
}

TEST(Muon, DrivesSingularValuesTowardsOne) {
  at::manual_seed(1);
  for (const auto& sizes : std::vector<std::vector<int64_t>>{{16, 40}, {40, 16}, {3, 24, 48}}) {
    const Tensor values = std::get<1>(at::linalg_svd(orthogonalize(at::randn(sizes))));
    EXPECT_GT(values.min().item<double>(), 0.3);
    EXPECT_LT(values.max().item<double>(), 1.3);
  }
}

TEST(Muon, TreatsAStackAsSeparateMatrices) {
  at::manual_seed(1);
  const Tensor stack = at::randn({3, 8, 12});
  EXPECT_TRUE(at::allclose(orthogonalize(stack)[1], orthogonalize(stack[1]), 1e-4, 1e-5));
}

TEST(Muon, UpdatesHaveTheSizeOfAdamWs) {
  at::manual_seed(1);
  const Tensor x = at::zeros({64, 128}).set_requires_grad(true);
  Optimizer optimizer({.method = Method::kMuon, .weight_decay = 0}, {{"x", x, Rule::kMatrix}});
  x.mutable_grad() = at::randn({64, 128});
  optimizer.step_(1.0);
  EXPECT_NEAR(x.detach().square().mean().sqrt().item<double>(), 0.2, 0.05);
}

// DeepSeek-V3 §4.2, in tokens.
TEST(Schedule, LearningRateIsDeepSeekV3s) {
  const double step = 3072.0 * 4096;
  const LearningRateSchedule rate{.peak = 2.2e-4,
                                  .warmup_tokens = static_cast<int64_t>(2000 * step),
                                  .constant_until = 10'000'000'000'000,
                                  .decayed_at = 14'300'000'000'000,
                                  .decayed = 2.2e-5,
                                  .last_from = 14'633'000'000'000,
                                  .last = 7.3e-6};
  EXPECT_TRUE(rate.problems().empty());
  const auto size = static_cast<int64_t>(step);
  EXPECT_NEAR(rate.at(0, size), 2.2e-4 / 2000, 1e-12);
  EXPECT_NEAR(rate.at(999 * size, size), 1.1e-4, 1e-9);
  EXPECT_DOUBLE_EQ(rate.at(9'000'000'000'000, size), 2.2e-4);
  EXPECT_NEAR(rate.at(12'150'000'000'000, size), (2.2e-4 + 2.2e-5) / 2, 1e-12);
  EXPECT_DOUBLE_EQ(rate.at(14'400'000'000'000, size), 2.2e-5);
  EXPECT_DOUBLE_EQ(rate.at(14'700'000'000'000, size), 7.3e-6);
}

TEST(Schedule, BatchGrowsFrom3072To15360Over469BillionTokens) {
  const BatchRamp batch{
      .first = 3072, .last = 15360, .ramp_tokens = 469'000'000'000, .multiple = 1};
  EXPECT_EQ(batch.at(0), 3072);
  EXPECT_EQ(batch.at(234'500'000'000), 9216);
  EXPECT_EQ(batch.at(469'000'000'000), 15360);
}

TEST(Schedule, AStepChangesOnceAtItsToken) {
  const Step gamma{.first = 0.001, .until = 14'300, .then = 0};
  EXPECT_EQ(gamma.at(14'299), 0.001);
  EXPECT_EQ(gamma.at(14'300), 0);
}

TEST(Schedule, BoundsOutOfOrderAreNamedAllAtOnce) {
  EXPECT_EQ((LearningRateSchedule{
                .peak = -1, .warmup_tokens = 5, .constant_until = 3, .decayed_at = 9, .decayed = 0}
                 .problems()),
            (std::vector<std::string>{
                "learning_rate.peak=-1 must be positive",
                "learning_rate.decayed=0 must lie between 0 and peak=-1",
                "learning_rate: warmup_tokens=5, constant_until=3 and decayed_at=9 must ascend"}));
  EXPECT_EQ((BatchRamp{.first = 9, .last = 8}.problems()),
            (std::vector<std::string>{"batch.first=9 must lie between 0 and batch.last=8"}));
}

TEST(LearningRate, AConstantOneMayLieBelowTheDecayThatItDoesNotHave) {
  EXPECT_EQ((LearningRateSchedule{.peak = 7.3e-6}.problems()), std::vector<std::string>{});
  EXPECT_EQ((LearningRateSchedule{.peak = 7.3e-6}.at(1'000'000, 1000)), 7.3e-6);
}

}  // namespace
}  // namespace rq::optim
