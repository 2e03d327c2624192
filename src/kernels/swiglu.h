#pragma once
// SwiGLU (arXiv 2002.05202): h[t,f] = silu(g[t,f]) * u[t,f], with gate g and up u side by side in
// one matrix.

#include "base/tensor.h"

namespace rq::kernels {

// gate_up [T, 2F] -> [T, F]. Differentiable; keeps only gate_up for the way back.
Tensor swiglu(const Tensor& gate_up);

namespace reference {
Tensor swiglu(const Tensor& gate_up);
}  // namespace reference

}  // namespace rq::kernels
