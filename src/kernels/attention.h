#pragma once
// Causal softmax attention with grouped keys and values, whose widths may differ (DeepSeek-V3
// §2.1.1, eqs. 10 and 11). Memory grows with the number of tokens, never with its square, forward
// and backward.

#include <cstdint>
#include <vector>

#include "base/tensor.h"

namespace rq::kernels {

// q [B, Q, H, W], k [B, S, G, W], v [B, S, G, U], H a multiple of G, S >= Q -> [B, Q, H, U].
// Query i stands at position S - Q + i and sees the keys up to there; scores are multiplied by
// `scale`. With `lengths`, B is 1 and Q = S: the row is sequences of these lengths, one after the
// other, and none sees another. Differentiable.
Tensor attention(const Tensor& q,
                 const Tensor& k,
                 const Tensor& v,
                 double scale,
                 const std::vector<std::int64_t>& lengths = {});

namespace reference {
Tensor attention(const Tensor& q,
                 const Tensor& k,
                 const Tensor& v,
                 double scale,
                 const std::vector<std::int64_t>& lengths = {});
}  // namespace reference

}  // namespace rq::kernels
