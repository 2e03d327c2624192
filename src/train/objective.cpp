#include "train/objective.h"

#include <algorithm>
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
           const std::vector<int64_t>& lengths) {
    for (const model::Routing& routing : routings) {
      const Tensor one = model::balance_loss(routing.scores, lengths, config.top_k);
      loss = loss.defined() ? loss + one : one;
      loads.push_back(kernels::expert_load(routing.chosen, config.experts));
    }
  }
};

// Puts the terms together; the mean over depths is `mtp`, undefined without them.
Losses sum_up(const Tensor& next_token,
              const Tensor& mtp,
              const BalanceSum& balance,
              const LossWeights& weights) {
  const Tensor none = at::zeros({}, next_token.options().requires_grad(false));
  Losses losses{next_token, next_token.detach(), none, none, balance.loads};
  if (mtp.defined()) {
    losses.total = losses.total + weights.mtp * mtp;
    losses.mtp = mtp.detach();
  }
  if (balance.loss.defined()) {
    losses.total = losses.total + weights.balance * balance.loss;
    losses.balance = balance.loss.detach() / static_cast<double>(balance.loads.size());
  }
  return losses;
}

// x [T], each `places` further to the front; what is missing at the end is 0.
Tensor ahead(const Tensor& x, int64_t places) {
  const int64_t kept = std::max<int64_t>(x.size(0) - places, 0);
  return at::cat({x.narrow(0, x.size(0) - kept, kept), at::zeros({x.size(0) - kept}, x.options())});
}

// The weights of targets `places` ahead: no token is foretold out of another sequence.
Tensor weights_ahead(const Samples& samples, int64_t places) {
  const Tensor weights = samples.weights.clone();
  int64_t first = 0;
  for (const int64_t length : samples.lengths) {
    weights.narrow(0, first, std::min(length, places)).zero_();
    first += length;
  }
  return ahead(weights, places);
}

Tensor weighted_loss(const model::Model& model,
                     const Tensor& hidden,
                     const Samples& samples,
                     int64_t places) {
  const Tensor weights = weights_ahead(samples, places);
  const Tensor counted = weights.nonzero().squeeze(1);
  return kernels::cross_entropy(hidden.index_select(0, counted),
                                model.output_head(),
                                ahead(samples.tokens, places).index_select(0, counted),
                                weights.index_select(0, counted))
      .total;
}

}  // namespace

Losses scaled(Losses losses, double factor) {
  for (Tensor* const part : {&losses.total, &losses.next_token, &losses.mtp, &losses.balance}) {
    *part = *part * factor;
  }
  return losses;
}

Losses pretraining_losses(const model::Model& model,
                          const Tensor& rows,
                          const LossWeights& weights,
                          model::Recompute recompute) {
  const auto depths = model.config.mtp_layers, length = rows.size(1) - extra_tokens(model.config);
  check(length >= 1,
        "a row of {} tokens leaves none to train on: {} are targets alone",
        rows.size(1),
        extra_tokens(model.config));
  const auto shifted = [&](int64_t places) { return rows.narrow(1, places, length); };
  const std::vector<int64_t> lengths(rows.size(0), length);

  model::Output output = model(shifted(0), nullptr, recompute);
  const Tensor next_token = mean_loss(model, output.hidden, shifted(1));
  BalanceSum balance;
  balance.add(output.routings, model.config.moe, lengths);
  Tensor mtp;
  for (int64_t depth = 0; depth < depths; ++depth) {
    output = model.predict_further(depth, output.hidden, shifted(depth + 1), recompute);
    const Tensor loss =
        mean_loss(model, output.hidden, shifted(depth + 2)) / static_cast<double>(depths);
    mtp = mtp.defined() ? mtp + loss : loss;
    balance.add(output.routings, model.config.moe, lengths);
  }
  return sum_up(next_token, mtp, balance, weights);
}

Losses sample_losses(const model::Model& model,
                     const Samples& samples,
                     const LossWeights& weights,
                     model::Recompute recompute) {
  const auto depths = model.config.mtp_layers;
  model::Output output = model(samples.tokens.unsqueeze(0), nullptr, recompute, samples.lengths);
  const Tensor next_token = weighted_loss(model, output.hidden, samples, 1);
  BalanceSum balance;
  balance.add(output.routings, model.config.moe, samples.lengths);
  Tensor mtp;
  for (int64_t depth = 0; depth < depths; ++depth) {
    output = model.predict_further(depth,
                                   output.hidden,
                                   ahead(samples.tokens, depth + 1).unsqueeze(0),
                                   recompute,
                                   samples.lengths);
    const Tensor loss =
        weighted_loss(model, output.hidden, samples, depth + 2) / static_cast<double>(depths);
    mtp = mtp.defined() ? mtp + loss : loss;
    balance.add(output.routings, model.config.moe, samples.lengths);
  }
  return sum_up(next_token, mtp, balance, weights);
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
