#include "kernels/swiglu.h"

#include <cstdint>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include "kernels/rows.h"

namespace rq::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct SwiGlu : torch::autograd::Function<SwiGlu> {
  static Tensor forward(AutogradContext* ctx, const Tensor& gate_up) {
    const std::int64_t width = gate_up.size(1) / 2;
    Tensor h = at::empty({gate_up.size(0), width}, gate_up.options());
    each_share(gate_up.size(0), width, [&](cpu::Rows rows) {
      cpu::swiglu(
          rows, gate_up.const_data_ptr<float>(), nullptr, width, h.mutable_data_ptr<float>());
    });
    ctx->save_for_backward({gate_up});
    return h;
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const Tensor gate_up = ctx->get_saved_variables()[0];
    const Tensor dh = grads[0].contiguous();
    Tensor d_gate_up = at::empty_like(gate_up);
    each_share(gate_up.size(0), dh.size(1), [&](cpu::Rows rows) {
      cpu::swiglu_backward(rows,
                           {.gate_up = gate_up.const_data_ptr<float>(),
                            .scale = nullptr,
                            .dh = dh.const_data_ptr<float>(),
                            .d_gate_up = d_gate_up.mutable_data_ptr<float>(),
                            .d_scale = nullptr,
                            .width = dh.size(1)});
    });
    return {d_gate_up};
  }
};

}  // namespace

Tensor swiglu(const Tensor& gate_up) {
  return has_cpu_loops(gate_up) ? SwiGlu::apply(gate_up.contiguous()) : reference::swiglu(gate_up);
}

Tensor reference::swiglu(const Tensor& gate_up) {
  const auto parts = gate_up.chunk(2, -1);
  return at::silu(parts[0]) * parts[1];
}

}  // namespace rq::kernels
