#pragma once
// Rotary position embedding (arXiv 2104.09864): pair i of a head at position s turns by the angle s
// * frequency[i].

#include "base/tensor.h"

namespace rq::kernels {

// Cosines and sines of the angles, by position.
struct RotaryTable {
  Tensor cos;  // [S, P/2]
  Tensor sin;  // [S, P/2]
};

enum class PairLayout {
  kInterleaved,  // (0,1), (2,3), …: DeepSeek
  kHalves,       // (0, P/2), (1, P/2 + 1), …: Llama, Qwen2
};

// x [B, S, H, W] with its last P columns turned, the others as they are. `table` holds the S
// positions of x. Differentiable in x.
Tensor rotate_tail(const Tensor& x, const RotaryTable& table, PairLayout layout);

namespace reference {
Tensor rotate_tail(const Tensor& x, const RotaryTable& table, PairLayout layout);
}  // namespace reference

}  // namespace rq::kernels
