#include "model/recompute.h"

#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

namespace rq::model {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Carries a segment through a node's saved data.
struct SegmentHolder : torch::CustomClassHolder {
  explicit SegmentHolder(Segment segment) : run(std::move(segment)) {}
  Segment run;
};

struct Recomputed : torch::autograd::Function<Recomputed> {
  static variable_list forward(AutogradContext* ctx,
                               const Tensor& x,
                               const c10::intrusive_ptr<SegmentHolder>& segment) {
    ctx->save_for_backward({x});
    ctx->saved_data["segment"] = c10::IValue::make_capsule(segment);
    ctx->set_materialize_grads(false);
    const variable_list outputs = segment->run(x);
    variable_list without_gradient;
    for (const Tensor& output : outputs) {
      if (!output.is_floating_point()) {
        without_gradient.push_back(output);
      }
    }
    ctx->mark_non_differentiable(without_gradient);
    return outputs;
  }

  // A backward pass of its own: it adds to the gradients of the segment's parameters itself.
  static variable_list backward(AutogradContext* ctx, const variable_list& grads) {
    const auto segment =
        c10::static_intrusive_pointer_cast<SegmentHolder>(ctx->saved_data["segment"].toCapsule());
    const at::AutoGradMode with_gradients(true);
    const Tensor x = ctx->get_saved_variables()[0].detach().set_requires_grad(true);
    const variable_list outputs = segment->run(x);
    variable_list roots, root_grads;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (grads[i].defined()) {
        roots.push_back(outputs[i]);
        root_grads.push_back(grads[i]);
      }
    }
    torch::autograd::backward(roots, root_grads);
    return {x.grad(), Tensor()};
  }
};

}  // namespace

std::vector<Tensor> run_recomputed(Segment segment, const Tensor& x) {
  return Recomputed::apply(x, c10::make_intrusive<SegmentHolder>(std::move(segment)));
}

void forget_until(const Tensor& later,
                  std::vector<Tensor> values,
                  std::function<std::vector<Tensor>()> again) {
  std::vector<c10::Storage> storages;
  for (const Tensor& value : values) {
    storages.push_back(value.storage());
  }
  values.clear();
  for (c10::Storage& storage : storages) {
    storage.set_data_ptr(at::DataPtr());
  }
  later.register_hook([storages, again = std::move(again)](const Tensor&) {
    const at::NoGradGuard no_grad;
    const std::vector<Tensor> fresh = again();
    for (std::size_t i = 0; i < storages.size(); ++i) {
      const c10::Storage &from = fresh[i].storage(), &to = storages[i];
      to.set_data_ptr(from.set_data_ptr(at::DataPtr()));
    }
  });
}

}  // namespace rq::model
