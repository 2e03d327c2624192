#include "kernels/rms_norm.h"

#include <cstdint>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include "kernels/rows.h"

namespace rq::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// The parts of dw that this many row ranges add up to, in a fixed order, whatever the number of
// threads.
constexpr std::int64_t kWeightParts = 16;

struct RmsNorm : torch::autograd::Function<RmsNorm> {
  // x [T, D], last dimension dense.
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& w, double epsilon) {
    Tensor y = at::empty(x.sizes(), x.options());
    const Tensor rstd = at::empty({x.size(0)}, x.options());
    each_share(x.size(0), x.size(1), [&](cpu::Rows rows) {
      cpu::rms_norm(rows,
                    x.const_data_ptr<float>(),
                    x.stride(0),
                    w.const_data_ptr<float>(),
                    x.size(1),
                    static_cast<float>(epsilon),
                    y.mutable_data_ptr<float>(),
                    rstd.mutable_data_ptr<float>());
    });
    ctx->save_for_backward({x, w, rstd});
    return y;
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &w = saved[1], &rstd = saved[2];
    const Tensor dy = grads[0].contiguous();
    const Tensor dx = at::empty(x.sizes(), x.options());
    const Tensor dw = at::zeros({kWeightParts, x.size(1)}, x.options());
    const std::int64_t rows = x.size(0), step = (rows + kWeightParts - 1) / kWeightParts;
    at::parallel_for(0, kWeightParts, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t part = first; part < last; ++part) {
        const cpu::Rows range{std::min(rows, part * step), std::min(rows, (part + 1) * step)};
        cpu::rms_norm_backward(range,
                               {.x = x.const_data_ptr<float>(),
                                .x_stride = x.stride(0),
                                .w = w.const_data_ptr<float>(),
                                .rstd = rstd.const_data_ptr<float>(),
                                .dy = dy.const_data_ptr<float>(),
                                .dx = dx.mutable_data_ptr<float>(),
                                .dw_part = dw.mutable_data_ptr<float>() + part * x.size(1),
                                .width = x.size(1)});
      }
    });
    return {dx, dw.sum(0), Tensor()};
  }
};

}  // namespace

Tensor rms_norm(const Tensor& x, const Tensor& w, double epsilon) {
  if (!has_cpu_loops(x)) {
    return reference::rms_norm(x, w, epsilon);
  }
  const bool is_matrix = x.dim() == 2 && x.stride(1) == 1;
  const Tensor rows = is_matrix ? x : x.contiguous().view({-1, x.size(-1)});
  return RmsNorm::apply(rows, w.contiguous(), epsilon).view(x.sizes());
}

Tensor reference::rms_norm(const Tensor& x, const Tensor& w, double epsilon) {
  const Tensor rstd = (x.square().mean(-1, /*keepdim=*/true) + epsilon).rsqrt();
  return x * rstd * w;
}

}  // namespace rq::kernels
