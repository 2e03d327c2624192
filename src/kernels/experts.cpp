#include "kernels/experts.h"

#include <cstdint>
#include <vector>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include "kernels/rows.h"
#include "kernels/swiglu.h"

namespace rq::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// The visits (token t, choice j) in the order of their experts, tokens ascending within one.
struct Grouping {
  std::vector<std::int64_t> starts;  // [E + 1]: expert e has the slots starts[e] … starts[e+1]
  Tensor token_of_slot;              // [T*K] int64
  Tensor slot_of_visit;              // [T, K] int64
};

Grouping group_by_expert(const Tensor& chosen, std::int64_t experts) {
  const std::int64_t visits = chosen.numel(), top_k = chosen.size(1);
  const auto* const expert = chosen.const_data_ptr<std::int64_t>();
  Grouping grouping{std::vector<std::int64_t>(experts + 1),
                    at::empty({visits}, chosen.options()),
                    at::empty_like(chosen)};
  for (std::int64_t i = 0; i < visits; ++i) {
    ++grouping.starts[expert[i] + 1];
  }
  for (std::int64_t e = 0; e < experts; ++e) {
    grouping.starts[e + 1] += grouping.starts[e];
  }
  std::vector<std::int64_t> next(grouping.starts.begin(), grouping.starts.end() - 1);
  auto* const token = grouping.token_of_slot.mutable_data_ptr<std::int64_t>();
  auto* const slot = grouping.slot_of_visit.mutable_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < visits; ++i) {
    slot[i] = next[expert[i]]++;
    token[slot[i]] = i / top_k;
  }
  return grouping;
}

// Calls multiply(e, first slot, slots) for every expert that has any.
template <typename Multiply>
void each_expert(const std::vector<std::int64_t>& starts, const Multiply& multiply) {
  for (std::size_t e = 0; e + 1 < starts.size(); ++e) {
    if (starts[e + 1] > starts[e]) {
      multiply(static_cast<std::int64_t>(e), starts[e], starts[e + 1] - starts[e]);
    }
  }
}

// out[slots of e] = in[slots of e] @ weight[e] (transposed: @ weight[e]^T).
Tensor grouped_product(const std::vector<std::int64_t>& starts,
                       const Tensor& in,
                       const Tensor& weight,
                       bool is_transposed) {
  const Tensor out = at::empty({in.size(0), weight.size(is_transposed ? 1 : 2)}, in.options());
  each_expert(starts, [&](std::int64_t e, std::int64_t first, std::int64_t count) {
    Tensor rows = out.narrow(0, first, count);
    const Tensor matrix = weight.select(0, e);
    at::mm_out(rows, in.narrow(0, first, count), is_transposed ? matrix.t() : matrix);
  });
  return out;
}

// d_weight[e] = left[slots of e]^T @ right[slots of e]; zero for an expert without slots.
Tensor grouped_gradient(const std::vector<std::int64_t>& starts,
                        const Tensor& left,
                        const Tensor& right) {
  const auto experts = static_cast<std::int64_t>(starts.size()) - 1;
  const Tensor out = at::empty({experts, left.size(1), right.size(1)}, left.options());
  for (std::int64_t e = 0; e < experts; ++e) {
    Tensor matrix = out.select(0, e);
    const std::int64_t first = starts[e], count = starts[e + 1] - first;
    if (count == 0) {
      matrix.zero_();
    } else {
      at::mm_out(matrix, left.narrow(0, first, count).t(), right.narrow(0, first, count));
    }
  }
  return out;
}

// [T, D]: every token's sum over its K slots of part [T*K, D].
Tensor sum_visits(const Tensor& part, const Tensor& slot_of_visit) {
  const std::int64_t tokens = slot_of_visit.size(0), width = part.size(1);
  const Tensor sum = at::empty({tokens, width}, part.options());
  each_share(tokens, width, [&](cpu::Rows rows) {
    cpu::sum_slots(rows,
                   part.const_data_ptr<float>(),
                   slot_of_visit.const_data_ptr<std::int64_t>(),
                   slot_of_visit.size(1),
                   width,
                   sum.mutable_data_ptr<float>());
  });
  return sum;
}

// [T*K]: a per-visit quantity [T, K] in the order of the slots.
Tensor to_slots(const Tensor& by_visit, const Tensor& slot_of_visit) {
  return at::empty({by_visit.numel()}, by_visit.options())
      .scatter_(0, slot_of_visit.flatten(), by_visit.flatten());
}

// h [M, F] = swiglu(gate_up) * scale by row.
Tensor scaled_swiglu(const Tensor& gate_up, const Tensor& scale) {
  const std::int64_t width = gate_up.size(1) / 2;
  const Tensor h = at::empty({gate_up.size(0), width}, gate_up.options());
  each_share(gate_up.size(0), width, [&](cpu::Rows rows) {
    cpu::swiglu(rows,
                gate_up.const_data_ptr<float>(),
                scale.const_data_ptr<float>(),
                width,
                h.mutable_data_ptr<float>());
  });
  return h;
}

struct GroupedExperts : torch::autograd::Function<GroupedExperts> {
  static Tensor forward(AutogradContext* ctx,
                        const Tensor& x,
                        const Tensor& chosen,
                        const Tensor& weights,
                        const Tensor& gate_up,
                        const Tensor& down) {
    const Grouping grouping = group_by_expert(chosen, gate_up.size(0));
    const Tensor inputs = x.index_select(0, grouping.token_of_slot);                  // [T*K, D]
    const Tensor gate_ups = grouped_product(grouping.starts, inputs, gate_up, true);  // [T*K, 2F]
    const Tensor slot_weights = to_slots(weights, grouping.slot_of_visit);            // [T*K]
    const Tensor answers =
        grouped_product(grouping.starts, scaled_swiglu(gate_ups, slot_weights), down, true);
    ctx->save_for_backward(
        {x, gate_ups, slot_weights, grouping.token_of_slot, grouping.slot_of_visit, gate_up, down});
    ctx->saved_data["starts"] = grouping.starts;
    return sum_visits(answers, grouping.slot_of_visit);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &gate_ups = saved[1], &slot_weights = saved[2],
                 &token_of_slot = saved[3], &slot_of_visit = saved[4];
    const Tensor &gate_up = saved[5], &down = saved[6];
    const auto starts = ctx->saved_data["starts"].toIntVector();

    const Tensor dy = grads[0].index_select(0, token_of_slot);  // [T*K, D]
    const Tensor dh =
        grouped_product(starts, dy, down, false);  // [T*K, F], not yet times the weights
    const Tensor d_down = grouped_gradient(starts, dy, scaled_swiglu(gate_ups, slot_weights));
    const Tensor d_gate_ups = at::empty_like(gate_ups), d_weights = at::empty_like(slot_weights);
    each_share(dh.size(0), dh.size(1), [&](cpu::Rows rows) {
      cpu::swiglu_backward(rows,
                           {.gate_up = gate_ups.const_data_ptr<float>(),
                            .scale = slot_weights.const_data_ptr<float>(),
                            .dh = dh.const_data_ptr<float>(),
                            .d_gate_up = d_gate_ups.mutable_data_ptr<float>(),
                            .d_scale = d_weights.mutable_data_ptr<float>(),
                            .width = dh.size(1)});
    });
    const Tensor d_gate_up = grouped_gradient(starts, d_gate_ups, x.index_select(0, token_of_slot));
    const Tensor dx =
        sum_visits(grouped_product(starts, d_gate_ups, gate_up, false), slot_of_visit);
    return {dx,
            Tensor(),
            d_weights.index_select(0, slot_of_visit.flatten()).view(slot_of_visit.sizes()),
            d_gate_up,
            d_down};
  }
};

}  // namespace

Tensor grouped_experts(const Tensor& x,
                       const Tensor& chosen,
                       const Tensor& weights,
                       const ExpertWeights& experts) {
  if (!has_cpu_loops(x)) {
    return reference::grouped_experts(x, chosen, weights, experts);
  }
  return GroupedExperts::apply(
      x.contiguous(), chosen.contiguous(), weights.contiguous(), experts.gate_up, experts.down);
}

Tensor expert_load(const Tensor& chosen, std::int64_t experts) {
  return chosen.flatten().bincount({}, experts);
}

Tensor reference::grouped_experts(const Tensor& x,
                                  const Tensor& chosen,
                                  const Tensor& weights,
                                  const ExpertWeights& experts) {
  Tensor y = at::zeros_like(x);
  for (std::int64_t e = 0; e < experts.gate_up.size(0); ++e) {
    const Tensor share =
        (weights * chosen.eq(e)).sum(1, /*keepdim=*/true);  // [T, 1]: zero where e was not chosen
    const Tensor h = reference::swiglu(x.matmul(experts.gate_up.select(0, e).t()));
    y = y + share * h.matmul(experts.down.select(0, e).t());
  }
  return y;
}

}  // namespace rq::kernels
