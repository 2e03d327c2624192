#include "rl/objective.h"

#include <cmath>
#include <span>
#include <vector>

#include <ATen/ATen.h>

namespace rq::rl {

std::vector<double> group_advantages(std::span<const double> rewards) {
  const auto count = static_cast<double>(rewards.size());
  double mean = 0, variance = 0;
  for (const double reward : rewards) {
    mean += reward / count;
  }
  for (const double reward : rewards) {
    variance += (reward - mean) * (reward - mean) / count;
  }
  // Of equal rewards the mean need not be equal to the bit.
  constexpr double kNoise = 1e-12;
  const double scale = variance > kNoise ? 1 / std::sqrt(variance) : 0;
  std::vector<double> advantages;
  for (const double reward : rewards) {
    advantages.push_back((reward - mean) * scale);
  }
  return advantages;
}

PolicyLoss policy_loss(const Policy& policy, const PolicyLossConfig& config) {
  const Tensor ratio = (policy.logprobs - policy.rollout_logprobs).exp();
  const Tensor free = ratio * policy.advantages;
  const Tensor held = ratio.clamp(1 - config.clip_below, 1 + config.clip_above) * policy.advantages;
  PolicyLoss loss;
  loss.is_clipped = held.lt(free).detach();
  Tensor by_token = -at::minimum(free, held);
  if (policy.reference_logprobs.defined()) {
    const Tensor difference = policy.reference_logprobs - policy.logprobs;
    Tensor kl = difference.exp() - difference - 1;
    if (config.kl_correction) {
      kl = kl * ratio;
    }
    by_token = by_token + config.kl_weight * kl;
    loss.kl = kl.detach();
  }
  loss.total = (by_token * policy.weights).sum();
  return loss;
}

}  // namespace rq::rl
