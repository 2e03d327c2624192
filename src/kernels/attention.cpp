#include "kernels/attention.h"

#include <cstdint>
#include <limits>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include "base/check.h"
#include "kernels/cpu/attention.h"
#include "kernels/rows.h"

namespace rq::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// One head of one sequence of x [B, S, H, W].
cpu::Matrix head(const Tensor& x, std::int64_t b, std::int64_t h) {
  return {x.const_data_ptr<float>() + b * x.stride(0) + h * x.stride(2), x.stride(1)};
}
cpu::MutableMatrix mutable_head(const Tensor& x, std::int64_t b, std::int64_t h) {
  return {x.mutable_data_ptr<float>() + b * x.stride(0) + h * x.stride(2), x.stride(1)};
}

cpu::AttentionShape shape_of(const Tensor& q, const Tensor& k, const Tensor& v, double scale) {
  return {.queries = q.size(1),
          .keys = k.size(1),
          .key_width = q.size(3),
          .value_width = v.size(3),
          .scale = static_cast<float>(scale)};
}

struct Attention : torch::autograd::Function<Attention> {
  static Tensor forward(
      AutogradContext* ctx, const Tensor& q, const Tensor& k, const Tensor& v, double scale) {
    const auto batch = q.size(0), heads = q.size(2), per_group = heads / k.size(2);
    const Tensor o = at::empty({batch, q.size(1), heads, v.size(3)}, q.options());
    const Tensor lse = at::empty({batch, heads, q.size(1)}, q.options());
    const auto shape = shape_of(q, k, v, scale);
    at::parallel_for(0, batch * heads, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) {
        const auto b = i / heads, h = i % heads, g = h / per_group;
        cpu::attention(shape,
                       head(q, b, h),
                       head(k, b, g),
                       head(v, b, g),
                       mutable_head(o, b, h),
                       lse.mutable_data_ptr<float>() + i * shape.queries);
      }
    });
    ctx->save_for_backward({q, k, v, o, lse});
    ctx->saved_data["scale"] = scale;
    return o;
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &q = saved[0], &k = saved[1], &v = saved[2], &o = saved[3], &lse = saved[4];
    const Tensor d_o = grads[0].contiguous();
    const auto batch = q.size(0), heads = q.size(2), groups = k.size(2), per_group = heads / groups;
    const Tensor d_q = at::empty(q.sizes(), q.options());
    const Tensor d_k = at::zeros(k.sizes(), k.options()), d_v = at::zeros(v.sizes(), v.options());
    const auto shape = shape_of(q, k, v, ctx->saved_data["scale"].toDouble());
    at::parallel_for(0, batch * groups, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first * per_group; i < last * per_group; ++i) {
        const auto b = i / heads, h = i % heads, g = h / per_group;
        cpu::attention_backward(shape,
                                {.q = head(q, b, h),
                                 .k = head(k, b, g),
                                 .v = head(v, b, g),
                                 .o = head(o, b, h),
                                 .d_o = head(d_o, b, h),
                                 .lse = lse.const_data_ptr<float>() + i * shape.queries,
                                 .d_q = mutable_head(d_q, b, h),
                                 .d_k = mutable_head(d_k, b, g),
                                 .d_v = mutable_head(d_v, b, g)});
      }
    });
    return {d_q, d_k, d_v, Tensor()};
  }
};

Tensor dense_rows(const Tensor& x) {
  return x.stride(3) == 1 ? x : x.contiguous();
}

}  // namespace

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, double scale) {
  check(q.size(1) <= k.size(1), "attention: {} queries exceed {} keys", q.size(1), k.size(1));
  check(q.size(2) % k.size(2) == 0,
        "attention: {} heads are not a multiple of {} key-value heads",
        q.size(2),
        k.size(2));
  if (!has_cpu_loops(q)) {
    return reference::attention(q, k, v, scale);
  }
  return Attention::apply(dense_rows(q), dense_rows(k), dense_rows(v), scale);
}

Tensor reference::attention(const Tensor& q, const Tensor& k, const Tensor& v, double scale) {
  const auto queries = q.size(1), keys = k.size(1), per_group = q.size(2) / k.size(2);
  const Tensor heads_k = k.repeat_interleave(per_group, 2).permute({0, 2, 3, 1});  // [B, H, W, S]
  const Tensor heads_v = v.repeat_interleave(per_group, 2).transpose(1, 2);        // [B, H, S, U]
  const Tensor scores = q.transpose(1, 2).matmul(heads_k) * scale;                 // [B, H, Q, S]
  const Tensor hidden =
      at::ones({queries, keys}, q.options().dtype(at::kBool)).triu(keys - queries + 1);
  const Tensor weights =
      scores.masked_fill(hidden, -std::numeric_limits<double>::infinity()).softmax(-1);
  return weights.matmul(heads_v).transpose(1, 2);
}

}  // namespace rq::kernels
