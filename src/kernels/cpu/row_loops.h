#pragma once
// Loops over rows of float32 matrices: RMS norm, SwiGLU, rotary pairs, softmax cross-entropy.
// Pointers and sizes only; a call works on the rows [first, last), so that the caller decides how
// rows are shared among threads.

#include <cstdint>

namespace rq::kernels::cpu {

struct Rows {
  std::int64_t first;
  std::int64_t last;  // one past the end
};

// y[t,d] = x[t,d] * rstd[t] * w[d], rstd[t] = 1 / sqrt(mean_d x[t,d]^2 + epsilon). Rows of x are
// `x_stride` floats apart.
void rms_norm(Rows rows,
              const float* x,
              std::int64_t x_stride,
              const float* w,
              std::int64_t width,
              float epsilon,
              float* y,
              float* rstd);

// dx of the above; adds this range's part of dw into dw_part[width].
struct RmsNormBackward {
  const float* x;         // [T, width], rows x_stride apart
  std::int64_t x_stride;  //
  const float* w;         // [width]
  const float* rstd;      // [T]
  const float* dy;        // [T, width]
  float* dx;              // [T, width]
  float* dw_part;         // [width]
  std::int64_t width;
};
void rms_norm_backward(Rows rows, const RmsNormBackward& io);

// h[t,f] = silu(gate_up[t,f]) * gate_up[t,F+f], times scale[t] where given.
void swiglu(Rows rows, const float* gate_up, const float* scale, std::int64_t width, float* h);

// d_gate_up from dh[t,f] * (scale ? scale[t] : 1). With scale, d_scale[t] = sum_f h[t,f] * dh[t,f],
// where h is not scaled.
struct SwigluBackward {
  const float* gate_up;  // [T, 2F]
  const float* scale;    // [T] or null
  const float* dh;       // [T, F]
  float* d_gate_up;      // [T, 2F]
  float* d_scale;        // [T] or null
  std::int64_t width;    // F
};
void swiglu_backward(Rows rows, const SwigluBackward& io);

// In place on logits[t, V]: loss[t] = logsumexp(logits[t]) - logits[t, target[t]]; then logits
// become weight[t] * (softmax - onehot), the gradient of sum_t weight[t] * loss[t]. A negative
// target gives loss 0 and gradient 0.
struct CrossEntropy {
  float* logits;                // [T, V]
  const std::int64_t* targets;  // [T]
  const float* weights;         // [T]; null leaves the logits as they are
  float* losses;                // [T]
  std::int64_t vocabulary;
};
void cross_entropy(Rows rows, const CrossEntropy& io);

// sum[t] = sum over the `count` slots of token t of part[slot[t, j]], each of `width` floats, in
// the order of j.
void sum_slots(Rows rows,
               const float* part,
               const std::int64_t* slots,
               std::int64_t count,
               std::int64_t width,
               float* sum);

}  // namespace rq::kernels::cpu
