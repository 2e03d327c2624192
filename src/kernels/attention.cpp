#include "kernels/attention.h"

#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

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

// A sequence: its row of the batch, and where its queries and keys stand in there.
struct Sequence {
  std::int64_t row, first, queries, keys;
};

std::vector<Sequence> sequences_of(const Tensor& q,
                                   const Tensor& k,
                                   const std::vector<std::int64_t>& lengths) {
  std::vector<Sequence> sequences;
  std::int64_t first = 0;
  for (const std::int64_t length : lengths) {
    sequences.push_back({0, first, length, length});
    first += length;
  }
  if (lengths.empty()) {
    for (std::int64_t row = 0; row < q.size(0); ++row) {
      sequences.push_back({row, 0, q.size(1), k.size(1)});
    }
  }
  return sequences;
}

// One head of one sequence of x [B, S, H, W].
cpu::Matrix head(const Tensor& x, const Sequence& at, std::int64_t h) {
  return {
      x.const_data_ptr<float>() + at.row * x.stride(0) + at.first * x.stride(1) + h * x.stride(2),
      x.stride(1)};
}
cpu::MutableMatrix mutable_head(const Tensor& x, const Sequence& at, std::int64_t h) {
  return {
      x.mutable_data_ptr<float>() + at.row * x.stride(0) + at.first * x.stride(1) + h * x.stride(2),
      x.stride(1)};
}

cpu::AttentionShape shape_of(const Tensor& q, const Tensor& v, const Sequence& at, double scale) {
  return {.queries = at.queries,
          .keys = at.keys,
          .key_width = q.size(3),
          .value_width = v.size(3),
          .scale = static_cast<float>(scale)};
}

struct Attention : torch::autograd::Function<Attention> {
  static Tensor forward(AutogradContext* ctx,
                        const Tensor& q,
                        const Tensor& k,
                        const Tensor& v,
                        double scale,
                        const std::vector<std::int64_t>& lengths) {
    const auto heads = q.size(2), per_group = heads / k.size(2);
    const Tensor o = at::empty({q.size(0), q.size(1), heads, v.size(3)}, q.options());
    const Tensor lse = at::empty({q.size(0), heads, q.size(1)}, q.options());
    const std::vector<Sequence> sequences = sequences_of(q, k, lengths);
    const auto count = static_cast<std::int64_t>(sequences.size());
    at::parallel_for(0, count * heads, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) {
        const Sequence& at = sequences[i / heads];
        const auto h = i % heads, g = h / per_group;
        cpu::attention(shape_of(q, v, at, scale),
                       head(q, at, h),
                       head(k, at, g),
                       head(v, at, g),
                       mutable_head(o, at, h),
                       lse.mutable_data_ptr<float>() + (at.row * heads + h) * q.size(1) + at.first);
      }
    });
    ctx->save_for_backward({q, k, v, o, lse});
    ctx->saved_data["scale"] = scale;
    ctx->saved_data["lengths"] = lengths;
    return o;
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &q = saved[0], &k = saved[1], &v = saved[2], &o = saved[3], &lse = saved[4];
    const Tensor d_o = grads[0].contiguous();
    const auto heads = q.size(2), groups = k.size(2), per_group = heads / groups;
    const Tensor d_q = at::empty(q.sizes(), q.options());
    const Tensor d_k = at::zeros(k.sizes(), k.options()), d_v = at::zeros(v.sizes(), v.options());
    const double scale = ctx->saved_data["scale"].toDouble();
    const std::vector<Sequence> sequences =
        sequences_of(q, k, ctx->saved_data["lengths"].toIntVector());
    const auto count = static_cast<std::int64_t>(sequences.size());
    at::parallel_for(0, count * groups, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first * per_group; i < last * per_group; ++i) {
        const Sequence& at = sequences[i / heads];
        const auto h = i % heads, g = h / per_group;
        cpu::attention_backward(
            shape_of(q, v, at, scale),
            {.q = head(q, at, h),
             .k = head(k, at, g),
             .v = head(v, at, g),
             .o = head(o, at, h),
             .d_o = head(d_o, at, h),
             .lse = lse.const_data_ptr<float>() + (at.row * heads + h) * q.size(1) + at.first,
             .d_q = mutable_head(d_q, at, h),
             .d_k = mutable_head(d_k, at, g),
             .d_v = mutable_head(d_v, at, g)});
      }
    });
    return {d_q, d_k, d_v, Tensor(), Tensor()};
  }
};

Tensor dense_rows(const Tensor& x) {
  return x.stride(3) == 1 ? x : x.contiguous();
}

// The sequences of a row on their own, one after the other.
template <typename Attend>
Tensor one_by_one(const Tensor& q,
                  const Tensor& k,
                  const Tensor& v,
                  const std::vector<std::int64_t>& lengths,
                  const Attend& attend) {
  std::vector<Tensor> parts;
  std::int64_t first = 0;
  for (const std::int64_t length : lengths) {
    parts.push_back(
        attend(q.narrow(1, first, length), k.narrow(1, first, length), v.narrow(1, first, length)));
    first += length;
  }
  return at::cat(parts, 1);
}

}  // namespace

Tensor attention(const Tensor& q,
                 const Tensor& k,
                 const Tensor& v,
                 double scale,
                 const std::vector<std::int64_t>& lengths) {
  check(q.size(1) <= k.size(1), "attention: {} queries exceed {} keys", q.size(1), k.size(1));
  check(q.size(2) % k.size(2) == 0,
        "attention: {} heads are not a multiple of {} key-value heads",
        q.size(2),
        k.size(2));
  const auto packed = std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
  check(lengths.empty() || (q.size(0) == 1 && packed == q.size(1) && packed == k.size(1)),
        "attention: sequences of {} tokens in all do not fill {} rows of {} queries and {} keys",
        packed,
        q.size(0),
        q.size(1),
        k.size(1));
  if (!has_cpu_loops(q)) {
    return reference::attention(q, k, v, scale, lengths);
  }
  return Attention::apply(dense_rows(q), dense_rows(k), dense_rows(v), scale, lengths);
}

Tensor reference::attention(const Tensor& q,
                            const Tensor& k,
                            const Tensor& v,
                            double scale,
                            const std::vector<std::int64_t>& lengths) {
  if (!lengths.empty()) {
    return one_by_one(
        q, k, v, lengths, [&](const Tensor& some_q, const Tensor& some_k, const Tensor& some_v) {
          return attention(some_q, some_k, some_v, scale);
        });
  }
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
