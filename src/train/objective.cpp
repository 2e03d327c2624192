#include "train/objective.h"

#include <cstdint>
#include <variant>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "kernels/cross_entropy.h"
#include "kernels/experts.h"

namespace rq::train {
namespace {

// Mean cross-entropy of `hidden` [T, D] against targets [B, S].
Tensor mean_loss(const model::Model& model, const Tensor& hidden, const Tensor& targets) {
  const Tensor flat = targets.reshape({-1});
  const Tensor weights = at::full({flat.size(0)},
                                  1.0 / static_cast<double>(flat.size(0)),
                                  hidden.options().requires_grad(false));
  return kernels::cross_entropy(hidden, model.output_head(), flat, weights).total;
}

// Adds the routings of one pass to the sums.
struct BalanceSum {
  Tensor loss;
  std::vector<Tensor> loads;

  void add(const std::vector<model::Routing>& routings,
           const model::MoeConfig& config,
           int64_t batch) {
    for (const model::Routing& routing : routings) {
      const Tensor one = model::balance_loss(routing.scores, batch, config.top_k);
      loss = loss.defined() ? loss + one : one;
      loads.push_back(kernels::expert_load(routing.chosen, config.experts));
    }
  }
};

}  // namespace

Losses pretraining_losses(const model::Model& model,
                          const Tensor& rows,
                          const LossWeights& weights,
                          model::Recompute recompute) {
  const auto batch = rows.size(0), depths = model.config.mtp_layers,
             length = rows.size(1) - extra_tokens(model.config);
  check(length >= 1,
        "a row of {} tokens leaves none to train on: {} are targets alone",
        rows.size(1),
        extra_tokens(model.config));
  const auto shifted = [&](int64_t places) { return rows.narrow(1, places, length); };

  model::Output output = model(shifted(0), nullptr, recompute);
  const Tensor next_token = mean_loss(model, output.hidden, shifted(1));
  BalanceSum balance;
  balance.add(output.routings, model.config.moe, batch);

  Tensor mtp = at::zeros({}, next_token.options().requires_grad(false));
  for (int64_t depth = 0; depth < depths; ++depth) {
    output = model.predict_further(depth, output.hidden, shifted(depth + 1), recompute);
    mtp = mtp + mean_loss(model, output.hidden, shifted(depth + 2)) / static_cast<double>(depths);
    balance.add(output.routings, model.config.moe, batch);
  }

  Tensor total = next_token;
  if (depths > 0) {
    total = total + weights.mtp * mtp;
  }
  Tensor mean_balance = at::zeros({}, next_token.options().requires_grad(false));
  if (balance.loss.defined()) {
    total = total + weights.balance * balance.loss;
    mean_balance = balance.loss / static_cast<double>(balance.loads.size());
  }
  return {total, next_token.detach(), mtp.detach(), mean_balance.detach(), balance.loads};
}

void update_selection_bias_(model::Model& model, const std::vector<Tensor>& loads, double step) {
  std::size_t next = 0;
  const auto update = [&](model::Block& block) {
    auto* const mixture = std::get_if<model::MixtureOfExperts>(&block.feed_forward);
    if (mixture == nullptr) {
      return;
    }
    const Tensor load = loads.at(next++).to(at::kDouble);
    if (mixture->router.selection_bias.defined()) {
      mixture->router.selection_bias.add_((load.mean() - load).sign().to(at::kFloat), step);
    }
  };
  const at::NoGradGuard no_grad;
  for (model::Block& block : model.blocks) {
    update(block);
  }
  for (model::PredictionLayer& layer : model.predictions) {
    update(layer.block);
  }
}

}  // namespace rq::train
