#pragma once
// The measured limit that shares of a machine refer to.

namespace rq::kernels {

// FLOP/s of the best of several float32 products of 1024 x 1024 matrices with the threads that ATen
// uses; takes about 0.1 s.
double measure_matmul_flops_per_s();

}  // namespace rq::kernels
