#pragma once
// The routed experts as one grouped product (DeepSeek-V3 §2.1.2, eq. 12): tokens are put in the
// order of their experts, each expert multiplies its rows, and every token adds up its K answers.
// No token is dropped.

#include "base/tensor.h"

namespace rq::kernels {

struct ExpertWeights {
  Tensor gate_up;  // [E, 2F, D]
  Tensor down;     // [E, D, F]
};

// x [T, D], chosen [T, K] int64, weights [T, K] -> y [T, D], y[t] = sum_j weights[t,j] *
// expert(chosen[t,j])(x[t]). Differentiable in x, weights and the experts; keeps x and the [T*K,
// 2F] gate-ups for the way back.
Tensor grouped_experts(const Tensor& x,
                       const Tensor& chosen,
                       const Tensor& weights,
                       const ExpertWeights& experts);

// How many of the T*K visits each of `experts` experts gets: [E] int64.
Tensor expert_load(const Tensor& chosen, std::int64_t experts);

namespace reference {
Tensor grouped_experts(const Tensor& x,
                       const Tensor& chosen,
                       const Tensor& weights,
                       const ExpertWeights& experts);
}  // namespace reference

}  // namespace rq::kernels
