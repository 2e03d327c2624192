#include "model/feed_forward.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <ATen/ATen.h>

#include "kernels/experts.h"
#include "kernels/route.h"
#include "kernels/swiglu.h"

namespace rq::model {

Tensor SwiGlu::operator()(const Tensor& x) const {
  return at::linear(kernels::swiglu(at::linear(x, gate_up)), down);
}

Routing Router::operator()(const Tensor& x, const MoeConfig& config) const {
  const Tensor affinities = at::linear(x, centroids);
  const Tensor scores =
      config.scoring == Scoring::kSigmoid ? affinities.sigmoid() : affinities.softmax(-1);
  const Tensor chosen =
      kernels::select_experts(scores.detach(),
                              selection_bias,
                              {.top_k = config.top_k,
                               .groups = config.groups,
                               .top_groups = config.top_groups,
                               .by_top_two = config.group_score == GroupScore::kTopTwoSum});
  Tensor weights = scores.gather(1, chosen);
  if (config.is_normalized) {
    weights = weights / (weights.sum(1, /*keepdim=*/true) + 1e-20);
  }
  return {scores, chosen, weights * config.route_scale};
}

MoeOutput MixtureOfExperts::operator()(const Tensor& x, const MoeConfig& config) const {
  const Routing routing = router(x, config);
  const Tensor routed = kernels::grouped_experts(x, routing.chosen, routing.weights, experts);
  return {shared ? routed + (*shared)(x) : routed, routing};
}

SwiGlu make_swiglu(int64_t width, int64_t inner_width, c10::Device device) {
  const auto options = at::dtype(at::kFloat).device(device);
  return {at::empty({2 * inner_width, width}, options), at::empty({width, inner_width}, options)};
}

MixtureOfExperts make_mixture(const MoeConfig& config, int64_t width, c10::Device device) {
  const auto options = at::dtype(at::kFloat).device(device);
  MixtureOfExperts part;
  part.router.centroids = at::empty({config.experts, width}, options);
  if (config.has_selection_bias) {
    part.router.selection_bias = at::empty({config.experts}, options);
  }
  part.experts = {at::empty({config.experts, 2 * config.expert_width, width}, options),
                  at::empty({config.experts, width, config.expert_width}, options)};
  if (config.shared_experts > 0) {
    part.shared = make_swiglu(width, config.shared_experts * config.expert_width, device);
  }
  return part;
}

namespace {

// [T, E] -> [B, E]: the mean over each sequence.
Tensor mean_by_sequence(const Tensor& x, const std::vector<int64_t>& lengths) {
  const auto count = static_cast<int64_t>(lengths.size());
  if (std::ranges::all_of(lengths, [&](int64_t length) { return length == lengths.front(); })) {
    return x.view({count, lengths.front(), x.size(1)}).mean(1);
  }
  return at::segment_reduce(x, "mean", at::tensor(lengths, at::kLong));
}

}  // namespace

Tensor balance_loss(const Tensor& scores, const std::vector<int64_t>& lengths, int64_t top_k) {
  const auto experts = static_cast<double>(scores.size(1));
  const Tensor chosen = kernels::select_experts(scores.detach(), Tensor(), {.top_k = top_k});
  const Tensor visits = at::zeros_like(scores.detach()).scatter_(1, chosen, 1.0);  // [T, E]
  const Tensor shares = scores / (scores.sum(1, /*keepdim=*/true) + 1e-20);
  const Tensor f = mean_by_sequence(visits, lengths) * (experts / static_cast<double>(top_k));
  return (f * mean_by_sequence(shares, lengths)).sum(1).mean();
}

}  // namespace rq::model
