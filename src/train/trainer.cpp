#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "model/parameters.h"

namespace rq::train {
namespace {

// The running loss follows the last fifty steps or so; spikes are looked for once it has settled.
constexpr double kRunningShare = 0.02;
constexpr int64_t kStepsToSettle = 50;

optim::Rule rule_of(model::Role role) {
  switch (role) {
    case model::Role::kMatrix:
      return optim::Rule::kMatrix;
    case model::Role::kEmbedding:
      return optim::Rule::kEmbedding;
    default:
      return optim::Rule::kGain;
  }
}

std::vector<optim::Parameter> learnable_parameters(model::Model& model) {
  std::vector<optim::Parameter> parameters;
  model::each_tensor(model, [&](const std::string& name, Tensor& tensor, model::Role role) {
    if (role != model::Role::kState) {
      tensor = tensor.detach().set_requires_grad(true);
      parameters.push_back({name, tensor, rule_of(role)});
    }
  });
  return parameters;
}

}  // namespace

Trainer::Trainer(model::Model& model, const TrainingConfig& config)
    : model_(model), config_(config), optimizer_(config.optimizer, learnable_parameters(model)) {
  if (config_.ema_decay > 0) {
    for (const optim::Parameter& parameter : optimizer_.parameters()) {
      average_.push_back(parameter.tensor.detach().clone());
    }
  }
}

Trainer::Sums Trainer::accumulate_gradients(const std::vector<Piece>& pieces) {
  const LossWeights weights{.mtp = config_.mtp_weight.at(tokens_),
                            .balance = config_.balance_weight};
  Sums sums;
  for (const Piece& piece : pieces) {
    const Losses losses = piece(weights);
    losses.total.backward();
    sums.next_token += losses.next_token.item<double>();
    sums.mtp += losses.mtp.item<double>();
    sums.balance += losses.balance.item<double>();
    for (std::size_t block = 0; block < losses.loads.size(); ++block) {
      if (sums.loads.size() == block) {
        sums.loads.push_back(losses.loads[block]);
      } else {
        sums.loads[block] += losses.loads[block];
      }
    }
  }
  return sums;
}

bool Trainer::is_sound(double loss, double gradient_norm) const {
  if (!std::isfinite(loss) || !std::isfinite(gradient_norm)) {
    return false;
  }
  return config_.spike_limit == 0 || steps_ < kStepsToSettle ||
         loss < running_loss_ + config_.spike_limit;
}

StepReport Trainer::step(int64_t step_tokens, const std::vector<Piece>& pieces) {
  Sums sums = accumulate_gradients(pieces);
  const double rate = config_.learning_rate.at(tokens_, step_tokens);
  StepReport report{.next_token = sums.next_token,
                    .mtp = sums.mtp,
                    .balance = sums.balance,
                    .gradient_norm = optimizer_.clip_gradients_(),
                    .learning_rate = rate,
                    .is_skipped = false,
                    .loads = std::move(sums.loads)};
  report.is_skipped = !is_sound(report.next_token, report.gradient_norm);
  if (report.is_skipped) {
    optimizer_.zero_gradients_();
    ++skipped_;
  } else {
    optimizer_.step_(rate);
    update_selection_bias_(model_, report.loads, config_.bias_step.at(tokens_));
    update_average_();
    running_loss_ = steps_ == 0
                        ? report.next_token
                        : running_loss_ + kRunningShare * (report.next_token - running_loss_);
  }
  ++steps_;
  tokens_ += step_tokens;
  return report;
}

void Trainer::update_average_() {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < average_.size(); ++i) {
    average_[i].lerp_(optimizer_.parameters()[i].tensor, 1 - config_.ema_decay);
  }
}

void Trainer::adopt_average_() {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < average_.size(); ++i) {
    optimizer_.parameters()[i].tensor.mutable_grad() = Tensor();
    const Tensor tensor = optimizer_.parameters()[i].tensor;
    tensor.copy_(average_[i]);
  }
}

std::vector<std::pair<std::string, Tensor>> Trainer::tensors() {
  std::vector<std::pair<std::string, Tensor>> named;
  model::each_tensor(model_, [&](const std::string& name, Tensor& tensor, model::Role) {
    named.emplace_back("model." + name, tensor.detach());
  });
  for (auto& [name, tensor] : optimizer_.state()) {
    named.emplace_back("optimizer." + name, tensor);
  }
  for (std::size_t i = 0; i < average_.size(); ++i) {
    named.emplace_back("average." + optimizer_.parameters()[i].name, average_[i]);
  }
  return named;
}

Json Trainer::state() const {
  return {{"tokens", tokens_},
          {"steps", steps_},
          {"skipped_steps", skipped_},
          {"optimizer_steps", optimizer_.steps()},
          {"running_loss", running_loss_}};
}

void Trainer::restore(const Json& state) {
  tokens_ = state.at("tokens").get<int64_t>();
  steps_ = state.at("steps").get<int64_t>();
  skipped_ = state.at("skipped_steps").get<int64_t>();
  running_loss_ = state.at("running_loss").get<double>();
  optimizer_.set_steps(state.at("optimizer_steps").get<int64_t>());
}

}  // namespace rq::train
