#include "optim/optimizer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "base/require.h"

namespace rq::optim {
namespace {

// The quintic of Muon (K. Jordan, 2024): its steps need not converge to 1, only near it, which lets
// the slope at 0 be steep.
constexpr double kA = 3.4445, kB = -4.7750, kC = 2.0315;
constexpr int kNewtonSchulzSteps = 5;
// Root mean square of an AdamW update, which Muon's is scaled to (arXiv 2502.16982, §2.2).
constexpr double kUpdateRms = 0.2;

}  // namespace

std::vector<std::string> OptimizerConfig::problems() const {
  Requirements all;
  all.require(beta1 >= 0 && beta1 < 1, "optimizer.beta1={} must lie in [0, 1)", beta1);
  all.require(beta2 >= 0 && beta2 < 1, "optimizer.beta2={} must lie in [0, 1)", beta2);
  all.require(epsilon > 0, "optimizer.epsilon={} must be positive", epsilon);
  all.require(weight_decay >= 0, "optimizer.weight_decay={} must not be negative", weight_decay);
  all.require(clip_norm >= 0, "optimizer.clip_norm={} must not be negative", clip_norm);
  all.require(muon_momentum >= 0 && muon_momentum < 1,
              "optimizer.muon_momentum={} must lie in [0, 1)",
              muon_momentum);
  return all.take();
}

Tensor orthogonalize(const Tensor& matrices) {
  const bool is_tall = matrices.size(-2) > matrices.size(-1);
  Tensor x = matrices / (matrices.norm(2, {-2, -1}, /*keepdim=*/true) + 1e-7);
  x = x.view({-1, matrices.size(-2), matrices.size(-1)});
  for (int i = 0; i < kNewtonSchulzSteps; ++i) {
    const Tensor gram = is_tall ? at::bmm(x.mT(), x) : at::bmm(x, x.mT());  // the smaller one
    const Tensor higher = at::baddbmm(gram, gram, gram, kB, kC);            // kB gram + kC gram^2
    x = is_tall ? at::baddbmm(x, x, higher, kA, 1) : at::baddbmm(x, higher, x, kA, 1);
  }
  return x.view_as(matrices);
}

Optimizer::Optimizer(OptimizerConfig config, std::vector<Parameter> parameters)
    : config_(config), parameters_(std::move(parameters)) {
  for (const Parameter& parameter : parameters_) {
    first_.push_back(at::zeros_like(parameter.tensor));
    second_.push_back(uses_muon(parameter) ? Tensor() : at::zeros_like(parameter.tensor));
  }
}

bool Optimizer::uses_muon(const Parameter& parameter) const {
  return config_.method == Method::kMuon && parameter.rule == Rule::kMatrix &&
         parameter.tensor.dim() >= 2;
}

double Optimizer::clip_gradients_() {
  std::vector<Tensor> gradients;
  for (const Parameter& parameter : parameters_) {
    if (parameter.tensor.grad().defined()) {
      gradients.push_back(parameter.tensor.grad());
    }
  }
  if (gradients.empty()) {
    return 0;
  }
  const double norm = at::stack(at::_foreach_norm(gradients)).norm().item<double>();
  if (config_.clip_norm > 0 && norm > config_.clip_norm) {
    at::_foreach_mul_(gradients, config_.clip_norm / norm);
  }
  return norm;
}

void Optimizer::step_(double learning_rate) {
  const at::NoGradGuard no_grad;
  ++steps_;
  const double correction1 = 1 - std::pow(config_.beta1, steps_),
               correction2 = 1 - std::pow(config_.beta2, steps_);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    Tensor tensor = parameters_[i].tensor;
    const Tensor gradient = tensor.grad();
    if (!gradient.defined()) {
      continue;
    }
    const bool has_muon = uses_muon(parameters_[i]);
    const double rate = learning_rate * (has_muon ? config_.muon_rate_factor : 1.0);
    if (parameters_[i].rule != Rule::kGain) {
      tensor.mul_(1 - rate * config_.weight_decay);
    }
    if (has_muon) {
      first_[i].mul_(config_.muon_momentum).add_(gradient);
      const Tensor direction = orthogonalize(gradient.add(first_[i], config_.muon_momentum));
      const auto longer = static_cast<double>(std::max(tensor.size(-2), tensor.size(-1)));
      tensor.add_(direction, -rate * kUpdateRms * std::sqrt(longer));
    } else {
      first_[i].lerp_(gradient, 1 - config_.beta1);
      second_[i].mul_(config_.beta2).addcmul_(gradient, gradient, 1 - config_.beta2);
      const Tensor spread = second_[i].sqrt().div_(std::sqrt(correction2)).add_(config_.epsilon);
      tensor.addcdiv_(first_[i], spread, -rate / correction1);
    }
  }
  zero_gradients_();
}

void Optimizer::zero_gradients_() {
  for (const Parameter& parameter : parameters_) {
    parameter.tensor.mutable_grad() = Tensor();
  }
}

void Optimizer::set_steps(int64_t steps) {
  steps_ = steps;
}

std::vector<std::pair<std::string, Tensor>> Optimizer::state() const {
  std::vector<std::pair<std::string, Tensor>> named;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    named.emplace_back(parameters_[i].name + ".first_moment", first_[i]);
    if (second_[i].defined()) {
      named.emplace_back(parameters_[i].name + ".second_moment", second_[i]);
    }
  }
  return named;
}

}  // namespace rq::optim
