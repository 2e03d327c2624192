#include "train/objective.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
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

// What the model and its prediction layers are asked. Depth 0 is the model itself.
struct Task {
  const model::Model& model;
  model::Recompute recompute;
  std::vector<int64_t> lengths;                 // of the sequences, one after the other
  std::vector<int64_t> packed;                  // the same where they share a row, else none
  std::function<Tensor(int64_t places)> ahead;  // [B, S] the input, so many places further on
  // Of hidden states [T, D] that foretell the token so many places ahead.
  std::function<Tensor(const Tensor& hidden, int64_t places)> loss;
};

Losses losses_of(const Task& task, const LossWeights& weights) {
  const model::Model& model = task.model;
  const int64_t depths = weights.mtp > 0 ? model.config.mtp_layers : 0;
  model::Output output = model(task.ahead(0), nullptr, task.recompute, task.packed);
  const Tensor next_token = task.loss(output.hidden, 1);
  BalanceSum balance;
  balance.add(output.routings, model.config.moe, task.lengths);
  const Tensor none = at::zeros({}, next_token.options().requires_grad(false));
  Tensor mtp = none;
  for (int64_t depth = 0; depth < depths; ++depth) {
    output = model.predict_further(
        depth, output.hidden, task.ahead(depth + 1), task.recompute, task.packed);
    mtp = mtp + task.loss(output.hidden, depth + 2) / static_cast<double>(depths);
    balance.add(output.routings, model.config.moe, task.lengths);
  }
  Losses losses{next_token, next_token.detach(), mtp.detach(), none, balance.loads};
  if (depths > 0) {
    losses.total = losses.total + weights.mtp * mtp;
  }
  if (balance.loss.defined()) {
    losses.total = losses.total + weights.balance * balance.loss;
    losses.balance = balance.loss.detach() / static_cast<double>(balance.loads.size());
  }
  return losses;
}

// tokens [T], each `places` further to the front; what is missing at the end is 0.
Tensor ahead(const Tensor& tokens, int64_t places) {
  const int64_t kept = std::max<int64_t>(tokens.size(0) - places, 0);
  return at::cat({tokens.narrow(0, tokens.size(0) - kept, kept),
                  at::zeros({tokens.size(0) - kept}, tokens.options())});
}

// What hidden states [T, D] foretell, `ahead` places on: no token out of another sequence.
Foretold foretold(const Samples& samples, const Tensor& hidden, int64_t ahead) {
  const Tensor weights = samples.weights.clone();
  int64_t first = 0;
  for (const int64_t length : samples.lengths) {
    weights.narrow(0, first, std::min(length, ahead)).zero_();
    first += length;
  }
  const Tensor places = weights.nonzero().squeeze(1);
  return {.hidden = hidden.index_select(0, places - ahead),
          .tokens = samples.tokens.index_select(0, places),
          .places = places,
          .weights = weights.index_select(0, places)};
}

// The worth of each sequence from hidden states [T, D]: that of its last token. [N]
Tensor scores_from(const model::Model& model,
                   const Tensor& hidden,
                   const std::vector<int64_t>& lengths) {
  const Tensor ends = at::tensor(lengths, at::kLong).cumsum(0) - 1;
  return at::mv(hidden.index_select(0, ends), model.score.squeeze(0));
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
  const auto length = rows.size(1) - extra_tokens(model.config);
  check(length >= 1,
        "a row of {} tokens leaves none to train on: {} are targets alone",
        rows.size(1),
        extra_tokens(model.config));
  const auto shifted = [&](int64_t places) { return rows.narrow(1, places, length); };
  return losses_of(
      {.model = model,
       .recompute = recompute,
       .lengths = std::vector<int64_t>(rows.size(0), length),
       .packed = {},
       .ahead = shifted,
       .loss = [&](const Tensor& hidden,
                   int64_t places) { return mean_loss(model, hidden, shifted(places)); }},
      weights);
}

std::vector<std::pair<int64_t, int64_t>> cut(const std::vector<int64_t>& lengths,
                                             int64_t most_tokens) {
  std::vector<std::pair<int64_t, int64_t>> runs;
  int64_t held = 0;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (runs.empty() || (most_tokens > 0 && held + lengths[i] > most_tokens)) {
      runs.emplace_back(i, 0);
      held = 0;
    }
    ++runs.back().second;
    held += lengths[i];
  }
  return runs;
}

Losses sample_losses(const model::Model& model,
                     const Samples& samples,
                     const LossWeights& weights,
                     model::Recompute recompute,
                     const Objective& objective) {
  const auto loss = [&](const Tensor& hidden, int64_t places) {
    const Foretold found = foretold(samples, hidden, places);
    if (places == 1 && objective) {
      return objective(found);
    }
    return kernels::cross_entropy(found.hidden, model.output_head(), found.tokens, found.weights)
        .total;
  };
  Losses losses = losses_of(
      {.model = model,
       .recompute = recompute,
       .lengths = samples.lengths,
       .packed = samples.lengths,
       .ahead = [&](int64_t places) { return ahead(samples.tokens, places).unsqueeze(0); },
       .loss = loss},
      {.mtp = weights.mtp, .balance = weights.balance * samples.share});
  losses.balance = losses.balance * samples.share;
  return losses;
}

Losses preference_losses(const model::Model& model,
                         const Samples& samples,
                         const LossWeights& weights,
                         model::Recompute recompute,
                         int64_t& right) {
  const auto loss = [&](const Tensor& hidden, int64_t) {
    const Tensor scores = scores_from(model, hidden, samples.lengths).view({-1, 2});
    const Tensor lead = scores.select(1, 0) - scores.select(1, 1);
    right = (lead > 0).sum().item<int64_t>();
    return at::softplus(-lead).mean();
  };
  return losses_of({.model = model,
                    .recompute = recompute,
                    .lengths = samples.lengths,
                    .packed = samples.lengths,
                    .ahead = [&](int64_t) { return samples.tokens.unsqueeze(0); },
                    .loss = loss},
                   {.mtp = 0, .balance = weights.balance});
}

Tensor scores_of(const model::Model& model, const Samples& samples) {
  const model::Output output =
      model(samples.tokens.unsqueeze(0), nullptr, model::Recompute::kNone, samples.lengths);
  return scores_from(model, output.hidden, samples.lengths);
}

Foretold foretell(const model::Model& model, const Samples& samples) {
  const model::Output output =
      model(samples.tokens.unsqueeze(0), nullptr, model::Recompute::kNone, samples.lengths);
  return foretold(samples, output.hidden, 1);
}

void update_selection_bias_(model::Model& model, const std::vector<Tensor>& loads, double step) {
  std::size_t next = 0;
  const auto update = [&](model::Block& block) {
    auto* const mixture = std::get_if<model::MixtureOfExperts>(&block.feed_forward);
    if (mixture == nullptr || next == loads.size()) {
      return;  // dense, or not run
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
