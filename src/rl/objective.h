#pragma once
// Group-relative policy optimisation (DeepSeekMath, arXiv 2402.03300, §4.1; DeepSeek-V3 §5.2.2):
// how much better an answer is than the others to its prompt, and what that makes of its tokens.

#include <span>
#include <vector>

#include "base/tensor.h"

namespace rq::rl {

// A_i = (r_i - mean r) / std r (V3 eq. 28), of the rewards of one group, by the deviation of the
// population. All 0 where they are all the same: nothing is to be learned from such a group.
std::vector<double> group_advantages(std::span<const double> rewards);

// What is known of each token of the answers.
struct Policy {
  Tensor logprobs;            // [N] of the policy that is trained; differentiable
  Tensor rollout_logprobs;    // [N] of the policy that drew them
  Tensor reference_logprobs;  // [N] of the reference; undefined where there is none
  Tensor advantages;          // [N]
  Tensor weights;             // [N]
};

struct PolicyLoss {
  Tensor total;       // scalar: sum of the weights times -(surrogate - beta KL)
  Tensor kl;          // [N] of each token, detached; undefined without a reference
  Tensor is_clipped;  // [N] bool: where clipping took the gradient away
};

// V3 eqs. 26 and 27: the surrogate is min(ratio A, clip(ratio, 1 - below, 1 + above) A); the KL
// estimator is reference/policy - log(reference/policy) - 1 (J. Schulman's k3), never negative.
// With `kl_correction` the estimator is multiplied by the ratio, which makes its gradient that of
// the KL itself (DeepSeek-V3.2, arXiv 2512.02556, §3.1).
struct PolicyLossConfig {
  double clip_below = 0.2, clip_above = 0.2, kl_weight = 0;
  bool kl_correction = false;
};
PolicyLoss policy_loss(const Policy& policy, const PolicyLossConfig& config);

}  // namespace rq::rl
