#pragma once
// Feed-forward layers: dense SwiGLU, and DeepSeekMoE with shared and routed experts (DeepSeek-V3
// §2.1.2).

#include <optional>
#include <variant>

#include "base/tensor.h"
#include "kernels/experts.h"
#include "model/config.h"
#include "model/parameters.h"

namespace rq::model {

struct SwiGlu {
  Tensor gate_up;  // [2F, D]
  Tensor down;     // [D, F]

  Tensor operator()(const Tensor& x) const;  // [T, D] -> [T, D]

  template <typename Visit>
  void each(Visit&& visit) {
    visit("gate_up", gate_up, Role::kMatrix);
    visit("down", down, Role::kMatrix);
  }
};

// Where the tokens of one layer went.
struct Routing {
  Tensor scores;   // [T, E] affinities, sigmoid or softmax; differentiable
  Tensor chosen;   // [T, K] int64, by descending preference
  Tensor weights;  // [T, K] the experts' shares; rows sum to route_scale where they are normalised
};

struct Router {
  Tensor centroids;       // [E, D]
  Tensor selection_bias;  // [E], moves the choice and never the weights; undefined where the config
                          // has none

  Routing operator()(const Tensor& x, const MoeConfig& config) const;  // x [T, D]

  template <typename Visit>
  void each(Visit&& visit) {
    visit("centroids", centroids, Role::kMatrix);
    visit("selection_bias", selection_bias, Role::kState);
  }
};

struct MoeOutput {
  Tensor y;  // [T, D]
  Routing routing;
};

struct MixtureOfExperts {
  Router router;
  kernels::ExpertWeights experts;
  std::optional<SwiGlu> shared;  // one of width shared_experts * F

  MoeOutput operator()(const Tensor& x, const MoeConfig& config) const;  // x [T, D]

  template <typename Visit>
  void each(Visit&& visit) {
    visit("router", router);
    visit("experts.gate_up", experts.gate_up, Role::kMatrix);
    visit("experts.down", experts.down, Role::kMatrix);
    visit("shared", shared);
  }
};

using FeedForward = std::variant<SwiGlu, MixtureOfExperts>;

// Float32 tensors of the right shapes, not yet initialised.
SwiGlu make_swiglu(int64_t width, int64_t inner_width, c10::Device device = c10::kCPU);
MixtureOfExperts make_mixture(const MoeConfig& config,
                              int64_t width,
                              c10::Device device = c10::kCPU);

// The complementary sequence-wise balance loss (eqs. 17 to 20) without its factor alpha, averaged
// over sequences of these lengths, one after the other: sum_i f_i P_i, with f_i from the K best
// *unbiased* scores. scores [T, E] -> scalar, differentiable.
Tensor balance_loss(const Tensor& scores, const std::vector<int64_t>& lengths, int64_t top_k);

}  // namespace rq::model
