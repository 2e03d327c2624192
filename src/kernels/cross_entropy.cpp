#include "kernels/cross_entropy.h"

#include <algorithm>
#include <cstdint>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include "base/check.h"
#include "kernels/rows.h"

namespace rq::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Logits of one chunk: about 16 MiB.
constexpr std::int64_t kChunkFloats = 4 << 20;

struct Gradients {
  Tensor losses;    // [T]
  Tensor d_hidden;  // [T, D], undefined where not asked for
  Tensor d_head;    // [V, D], likewise
};

Gradients work_through_chunks(const Tensor& hidden,
                              const Tensor& head,
                              const Tensor& targets,
                              const Tensor& weights,
                              bool has_gradient) {
  const std::int64_t tokens = hidden.size(0), vocabulary = head.size(0);
  const std::int64_t step =
      std::clamp<std::int64_t>(kChunkFloats / vocabulary, 1, std::max<std::int64_t>(tokens, 1));
  Gradients result{at::empty({tokens}, hidden.options()), Tensor(), Tensor()};
  if (has_gradient) {
    result.d_hidden = at::empty(hidden.sizes(), hidden.options());
    result.d_head = at::zeros(head.sizes(), head.options());
  }
  const Tensor buffer = at::empty({step, vocabulary}, hidden.options());
  for (std::int64_t first = 0; first < tokens; first += step) {
    const std::int64_t count = std::min(step, tokens - first);
    const Tensor rows = hidden.narrow(0, first, count);
    Tensor logits = buffer.narrow(0, 0, count);
    at::mm_out(logits, rows, head.t());
    each_share(count, vocabulary, [&](cpu::Rows share) {
      cpu::cross_entropy(
          share,
          {.logits = logits.mutable_data_ptr<float>(),
           .targets = targets.const_data_ptr<std::int64_t>() + first,
           .weights = has_gradient ? weights.const_data_ptr<float>() + first : nullptr,
           .losses = result.losses.mutable_data_ptr<float>() + first,
           .vocabulary = vocabulary});
    });
    if (has_gradient) {
      Tensor d_rows = result.d_hidden.narrow(0, first, count);
      at::mm_out(d_rows, logits, head);
      result.d_head.addmm_(logits.t(), rows);
    }
  }
  return result;
}

struct CrossEntropy : torch::autograd::Function<CrossEntropy> {
  static variable_list forward(AutogradContext* ctx,
                               const Tensor& hidden,
                               const Tensor& head,
                               const Tensor& targets,
                               const Tensor& weights) {
    const Gradients gradients =
        work_through_chunks(hidden, head, targets, weights, /*has_gradient=*/true);
    ctx->save_for_backward({gradients.d_hidden, gradients.d_head});
    ctx->mark_non_differentiable({gradients.losses});
    return {(gradients.losses * weights).sum(), gradients.losses};
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    return {saved[0] * grads[0], saved[1] * grads[0], Tensor(), Tensor()};
  }
};

struct LogProbabilities : torch::autograd::Function<LogProbabilities> {
  static Tensor forward(AutogradContext* ctx,
                        const Tensor& hidden,
                        const Tensor& head,
                        const Tensor& targets) {
    ctx->save_for_backward({hidden, head, targets});
    return -work_through_chunks(hidden, head, targets, Tensor(), /*has_gradient=*/false).losses;
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const Gradients gradients = work_through_chunks(
        saved[0], saved[1], saved[2], (-grads[0]).contiguous(), /*has_gradient=*/true);
    return {gradients.d_hidden, gradients.d_head, Tensor()};
  }
};

void check_targets(const Tensor& targets, const Tensor& head) {
  check(targets.numel() == 0 || targets.max().item<std::int64_t>() < head.size(0),
        "a target token is {}, past the vocabulary of {}",
        targets.max().item<std::int64_t>(),
        head.size(0));
}

}  // namespace

Tensor log_probabilities(const Tensor& hidden, const Tensor& head, const Tensor& targets) {
  check_targets(targets, head);
  if (!has_cpu_loops(hidden)) {
    return hidden.matmul(head.t()).log_softmax(-1).gather(1, targets.unsqueeze(1)).squeeze(1);
  }
  return LogProbabilities::apply(hidden.contiguous(), head.contiguous(), targets.contiguous());
}

CrossEntropyResult cross_entropy(const Tensor& hidden,
                                 const Tensor& head,
                                 const Tensor& targets,
                                 const Tensor& weights) {
  check_targets(targets, head);
  if (!has_cpu_loops(hidden)) {
    return reference::cross_entropy(hidden, head, targets, weights);
  }
  if (at::GradMode::is_enabled() && (hidden.requires_grad() || head.requires_grad())) {
    const variable_list result = CrossEntropy::apply(
        hidden.contiguous(), head.contiguous(), targets.contiguous(), weights.contiguous());
    return {result[0], result[1]};
  }
  const Tensor losses = work_through_chunks(hidden.contiguous(),
                                            head.contiguous(),
                                            targets.contiguous(),
                                            weights,
                                            /*has_gradient=*/false)
                            .losses;
  return {(losses * weights).sum(), losses};
}

CrossEntropyResult reference::cross_entropy(const Tensor& hidden,
                                            const Tensor& head,
                                            const Tensor& targets,
                                            const Tensor& weights) {
  const Tensor log_probabilities = hidden.matmul(head.t()).log_softmax(-1);
  const Tensor is_counted = targets.ge(0);
  const Tensor losses =
      -log_probabilities.gather(1, targets.clamp_min(0).unsqueeze(1)).squeeze(1) * is_counted;
  return {(losses * weights).sum(), losses.detach()};
}

}  // namespace rq::kernels
