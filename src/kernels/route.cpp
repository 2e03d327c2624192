#include "kernels/route.h"

#include <cstdint>
#include <limits>

#include <ATen/ATen.h>

#include "kernels/cpu/select.h"
#include "kernels/rows.h"

namespace rq::kernels {
namespace {

// at::topk breaks ties as it likes; a stable sort keeps the lower index first.
Tensor stable_top(const Tensor& values, std::int64_t count) {
  return std::get<1>(values.sort(/*stable=*/true, -1, /*descending=*/true)).narrow(-1, 0, count);
}

}  // namespace

Tensor select_experts(const Tensor& scores, const Tensor& bias, const SelectionRules& rules) {
  const at::NoGradGuard no_grad;
  if (!has_cpu_loops(scores)) {
    return reference::select_experts(scores, bias, rules);
  }
  const Tensor dense = scores.contiguous(), offsets = bias.defined() ? bias.contiguous() : Tensor();
  const Tensor chosen = at::empty({dense.size(0), rules.top_k}, dense.options().dtype(at::kLong));
  const cpu::Selection selection{.experts = dense.size(1),
                                 .top_k = rules.top_k,
                                 .groups = rules.groups,
                                 .top_groups = rules.top_groups,
                                 .by_top_two = rules.by_top_two};
  each_share(dense.size(0), 8 * dense.size(1), [&](cpu::Rows rows) {
    cpu::select_experts(rows.first,
                        rows.last,
                        selection,
                        dense.const_data_ptr<float>(),
                        offsets.defined() ? offsets.const_data_ptr<float>() : nullptr,
                        chosen.mutable_data_ptr<int64_t>());
  });
  return chosen;
}

Tensor reference::select_experts(const Tensor& scores,
                                 const Tensor& bias,
                                 const SelectionRules& rules) {
  const at::NoGradGuard no_grad;
  Tensor preference = bias.defined() ? scores + bias : scores;  // [T, E]
  if (rules.top_groups < rules.groups) {
    const Tensor grouped = preference.unflatten(1, {rules.groups, -1});  // [T, groups, E/groups]
    const Tensor score =
        rules.by_top_two ? std::get<0>(grouped.topk(2, -1)).sum(-1) : grouped.amax(-1);
    const Tensor is_kept =
        at::zeros_like(score).to(at::kBool).scatter(1, stable_top(score, rules.top_groups), true);
    preference = grouped
                     .masked_fill(is_kept.unsqueeze(-1).logical_not(),
                                  -std::numeric_limits<double>::infinity())
                     .flatten(1);
  }
  return stable_top(preference, rules.top_k);
}

}  // namespace rq::kernels
