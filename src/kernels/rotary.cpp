#include "kernels/rotary.h"

#include <algorithm>
#include <cstdint>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include "kernels/rows.h"

namespace rq::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Turns by the angle times `direction`: the way back of a turn is the turn the other way.
Tensor turn(const Tensor& x, const RotaryTable& table, PairLayout layout, float direction) {
  const auto positions = x.size(1), heads = x.size(2), width = x.size(3), pairs = table.cos.size(1);
  const Tensor y = at::empty(x.sizes(), x.options());
  const std::int64_t step = layout == PairLayout::kInterleaved ? 2 : 1;        // from pair to pair
  const std::int64_t across = layout == PairLayout::kInterleaved ? 1 : pairs;  // within a pair
  each_share(x.size(0) * positions, heads * width, [&](cpu::Rows rows) {
    for (std::int64_t row = rows.first; row < rows.last; ++row) {
      const std::int64_t b = row / positions, s = row % positions;
      const float* const cosine = table.cos.const_data_ptr<float>() + s * pairs;
      const float* const sine = table.sin.const_data_ptr<float>() + s * pairs;
      for (std::int64_t h = 0; h < heads; ++h) {
        const float* const in =
            x.const_data_ptr<float>() + b * x.stride(0) + s * x.stride(1) + h * x.stride(2);
        float* const out = y.mutable_data_ptr<float>() + (row * heads + h) * width;
        const std::int64_t kept = width - 2 * pairs;
        std::copy(in, in + kept, out);
        for (std::int64_t i = 0; i < pairs; ++i) {
          const std::int64_t first = kept + i * step, second = first + across;
          const float c = cosine[i], d = sine[i] * direction;
          out[first] = in[first] * c - in[second] * d;
          out[second] = in[second] * c + in[first] * d;
        }
      }
    }
  });
  return y;
}

struct Rotate : torch::autograd::Function<Rotate> {
  static Tensor forward(AutogradContext* ctx,
                        const Tensor& x,
                        const Tensor& cos,
                        const Tensor& sin,
                        bool is_interleaved) {
    ctx->save_for_backward({cos, sin});
    ctx->saved_data["is_interleaved"] = is_interleaved;
    return turn(
        x, {cos, sin}, is_interleaved ? PairLayout::kInterleaved : PairLayout::kHalves, 1.0F);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const auto layout =
        ctx->saved_data["is_interleaved"].toBool() ? PairLayout::kInterleaved : PairLayout::kHalves;
    return {turn(grads[0].contiguous(), {saved[0], saved[1]}, layout, -1.0F),
            Tensor(),
            Tensor(),
            Tensor()};
  }
};

}  // namespace

Tensor rotate_tail(const Tensor& x, const RotaryTable& table, PairLayout layout) {
  if (!has_cpu_loops(x) || x.stride(3) != 1) {
    return reference::rotate_tail(x, table, layout);
  }
  return Rotate::apply(
      x, table.cos.contiguous(), table.sin.contiguous(), layout == PairLayout::kInterleaved);
}

Tensor reference::rotate_tail(const Tensor& x, const RotaryTable& table, PairLayout layout) {
  const auto pairs = table.cos.size(1), kept = x.size(3) - 2 * pairs;
  const Tensor cos = table.cos.to(x.scalar_type()).unsqueeze(1),
               sin = table.sin.to(x.scalar_type()).unsqueeze(1);  // [S, 1, P/2]
  const Tensor tail = x.narrow(3, kept, 2 * pairs);
  const bool is_interleaved = layout == PairLayout::kInterleaved;
  const Tensor split = is_interleaved ? tail.unflatten(3, {pairs, 2})
                                      : tail.unflatten(3, {2, pairs}).transpose(3, 4);
  const Tensor first = split.select(4, 0), second = split.select(4, 1);
  const Tensor turned =
      at::stack({first * cos - second * sin, second * cos + first * sin}, 4);  // [B, S, H, P/2, 2]
  const Tensor joined = is_interleaved ? turned.flatten(3) : turned.transpose(3, 4).flatten(3);
  return at::cat({x.narrow(3, 0, kept), joined}, 3);
}

}  // namespace rq::kernels
