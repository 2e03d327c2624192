#include "model/feed_forward.h"

#include <cmath>
#include <cstdint>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/tensor.h"
#include "model/config.h"
#include "model/testing/slow_model.h"
#include "model/testing/slow_router.h"

namespace rq::model {
namespace {

TEST(Router, SelectionBiasMovesTheChoiceAndNotTheWeights) {
  const MoeConfig config{
      .experts = 6, .top_k = 2, .groups = 1, .top_groups = 1, .route_scale = 2.5};
  at::manual_seed(1);
  const Tensor x = at::randn({40, 5});
  Router router{.centroids = at::randn({6, 5}), .selection_bias = at::zeros({6})};
  const Routing unbiased = router(x, config);
  router.selection_bias[4] = 10.0;
  const Routing biased = router(x, config);
  EXPECT_TRUE(at::equal(biased.scores, unbiased.scores));
  EXPECT_TRUE((biased.chosen.select(1, 0) == 4).all().item<bool>());
  EXPECT_FALSE((unbiased.chosen == 4).any(1).all().item<bool>());
  // Weights are the chosen experts' plain scores over their sum, times the scale.
  for (int64_t t = 0; t < 40; ++t) {
    const auto score = [&](int64_t k) {
      return biased.scores[t][biased.chosen[t][k].item<int64_t>()].item<double>();
    };
    for (int64_t k = 0; k < 2; ++k) {
      EXPECT_NEAR(
          biased.weights[t][k].item<double>(), 2.5 * score(k) / (score(0) + score(1)), 1e-5);
    }
  }
}

TEST(BalanceLoss, IsThatOfTheLoopsSequenceBySequence) {
  at::manual_seed(2);
  const Tensor scores = at::randn({15, 6}).sigmoid();  // three sequences of five
  const double loss = balance_loss(scores, {5, 5, 5}, 2).item<double>();
  EXPECT_NEAR(loss, testing::slow_balance_loss(testing::to_rows(scores), 3, 2), 1e-5);
  const auto slow_of = [&](int64_t first, int64_t count) {
    return testing::slow_balance_loss(testing::to_rows(scores.narrow(0, first, count)), 1, 2);
  };
  EXPECT_NEAR(balance_loss(scores, {4, 1, 10}, 2).item<double>(),
              (slow_of(0, 4) + slow_of(4, 1) + slow_of(5, 10)) / 3,
              1e-5);
  EXPECT_GT(std::abs(loss - balance_loss(scores, {15}, 2).item<double>()), 1e-3);
}

TEST(BalanceLoss, IsOneWhereTheExpertsShareEvenlyAndTheirNumberWhereOneTakesAll) {
  const Tensor even = at::eye(4) * 0.5 + 0.1;  // each token prefers another expert
  EXPECT_NEAR(balance_loss(even, {4}, 1).item<double>(), 1.0, 1e-6);
  const Tensor skewed = tensor_from({1, 0, 0, 0, 1, 0, 0, 0}, {2, 4});
  EXPECT_NEAR(balance_loss(skewed, {2}, 1).item<double>(), 4.0, 1e-6);
}

}  // namespace
}  // namespace rq::model
