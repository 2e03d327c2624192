#include "kernels/cpu/row_loops.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/cpu/reductions.h"
#include "kernels/cpu/softmax_row.h"
#include "kernels/cpu/vector_math.h"

namespace rq::kernels::cpu {

using std::int64_t;

void rms_norm(Rows rows,
              const float* x,
              int64_t x_stride,
              const float* w,
              int64_t width,
              float epsilon,
              float* y,
              float* rstd) {
  for (int64_t t = rows.first; t < rows.last; ++t) {
    const float* const in = x + t * x_stride;
    float* const out = y + t * width;
    const float squares = sum_terms(width, [in](int64_t d) { return in[d] * in[d]; });
    const float scale = 1.0F / std::sqrt(squares / static_cast<float>(width) + epsilon);
    rstd[t] = scale;
    for (int64_t d = 0; d < width; ++d) {
      out[d] = in[d] * scale * w[d];
    }
  }
}

void rms_norm_backward(Rows rows, const RmsNormBackward& io) {
  for (int64_t t = rows.first; t < rows.last; ++t) {
    const float* const x = io.x + t * io.x_stride;
    const float* const dy = io.dy + t * io.width;
    float* const dx = io.dx + t * io.width;
    const float* const w = io.w;
    const float rstd = io.rstd[t];
    // With u = x * rstd and du = dy * w: dx = rstd * (du - u * mean(du * u)).
    const float dot = sum_terms(io.width, [=](int64_t d) { return dy[d] * w[d] * x[d]; });
    const float pull = dot * rstd * rstd / static_cast<float>(io.width);
    for (int64_t d = 0; d < io.width; ++d) {
      dx[d] = rstd * (dy[d] * w[d] - x[d] * pull);
      io.dw_part[d] += dy[d] * x[d] * rstd;
    }
  }
}

void swiglu(Rows rows, const float* gate_up, const float* scale, int64_t width, float* h) {
  for (int64_t t = rows.first; t < rows.last; ++t) {
    const float* const gate = gate_up + t * 2 * width;
    const float* const up = gate + width;
    float* const out = h + t * width;
    const float factor = scale == nullptr ? 1.0F : scale[t];
    for (int64_t f = 0; f < width; ++f) {
      out[f] = gate[f] * fast_sigmoid(gate[f]) * up[f] * factor;
    }
  }
}

void swiglu_backward(Rows rows, const SwigluBackward& io) {
  const int64_t width = io.width;
  for (int64_t t = rows.first; t < rows.last; ++t) {
    const float* const gate = io.gate_up + t * 2 * width;
    const float* const up = gate + width;
    const float* const dh = io.dh + t * width;
    float* const d_gate = io.d_gate_up + t * 2 * width;
    float* const d_up = d_gate + width;
    const float factor = io.scale == nullptr ? 1.0F : io.scale[t];
    for (int64_t f = 0; f < width; ++f) {
      const float sigmoid = fast_sigmoid(gate[f]);
      const float silu = gate[f] * sigmoid;
      const float d = dh[f] * factor;
      d_gate[f] = d * up[f] * (sigmoid + silu * (1.0F - sigmoid));
      d_up[f] = d * silu;
    }
    if (io.d_scale != nullptr) {
      io.d_scale[t] = sum_terms(
          width, [=](int64_t f) { return gate[f] * fast_sigmoid(gate[f]) * up[f] * dh[f]; });
    }
  }
}

void cross_entropy(Rows rows, const CrossEntropy& io) {
  const int64_t vocabulary = io.vocabulary;
  for (int64_t t = rows.first; t < rows.last; ++t) {
    float* const logits = io.logits + t * vocabulary;
    const int64_t target = io.targets[t];
    if (target < 0) {
      io.losses[t] = 0;
      if (io.weights != nullptr) {
        std::fill(logits, logits + vocabulary, 0.0F);
      }
      continue;
    }
    const float peak = maximum(logits, vocabulary);
    const float at_target = logits[target];
    const double total = sum_of_exp(logits, vocabulary, peak);
    io.losses[t] = static_cast<float>(std::log(total)) + peak - at_target;
    if (io.weights == nullptr) {
      continue;
    }
    const float scale = io.weights[t] / static_cast<float>(total);
    for (int64_t v = 0; v < vocabulary; ++v) {
      logits[v] = fast_exp(logits[v] - peak) * scale;
    }
    logits[target] -= io.weights[t];
  }
}

void sum_slots(
    Rows rows, const float* part, const int64_t* slots, int64_t count, int64_t width, float* sum) {
  for (int64_t t = rows.first; t < rows.last; ++t) {
    float* const out = sum + t * width;
    std::fill(out, out + width, 0.0F);
    for (int64_t j = 0; j < count; ++j) {
      const float* const in = part + slots[t * count + j] * width;
      for (int64_t d = 0; d < width; ++d) {
        out[d] += in[d];
      }
    }
  }
}

}  // namespace rq::kernels::cpu
