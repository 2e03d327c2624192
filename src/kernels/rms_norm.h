#pragma once
// Root-mean-square norm (arXiv 1910.07467): y[t,d] = x[t,d] / sqrt(mean_d x[t,d]^2 + epsilon) *
// w[d].

#include "base/tensor.h"

namespace rq::kernels {

// x [..., D], w [D] -> [..., D]. Differentiable in both. Rows of x may be a slice of wider rows.
Tensor rms_norm(const Tensor& x, const Tensor& w, double epsilon);

namespace reference {
Tensor rms_norm(const Tensor& x, const Tensor& w, double epsilon);
}  // namespace reference

}  // namespace rq::kernels
