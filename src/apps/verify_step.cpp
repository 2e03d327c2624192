// The part of `rorqual verify` that takes one training step of a small network: losses, gradient
// and bias update against loops over doubles.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "apps/verify_report.h"
#include "base/rng.h"
#include "base/tensor.h"
#include "model/config.h"
#include "model/model.h"
#include "model/parameters.h"
#include "model/testing/slow_model.h"
#include "train/objective.h"

namespace rq {
namespace {

using model::Model;
using model::ModelConfig;
using model::Role;
using model::testing::Row;
using model::testing::Rows;
using model::testing::Tokens;

constexpr int64_t kRows = verify_batch::kRows, kLength = verify_batch::kLength;
constexpr train::LossWeights kWeights{.mtp = 0.3, .balance = 0.01};

// Mean of -ln p(target) over a sequence.
double slow_cross_entropy(const Model& model, const Rows& hidden, const Tokens& targets) {
  const Rows head = model::testing::to_rows(model.output_head());
  double total = 0;
  for (std::size_t t = 0; t < hidden.size(); ++t) {
    double sum = 0, chosen = 0;
    for (std::size_t v = 0; v < head.size(); ++v) {
      double logit = 0;
      for (std::size_t d = 0; d < head[v].size(); ++d) {
        logit += head[v][d] * hidden[t][d];
      }
      sum += std::exp(logit);
      chosen = static_cast<int64_t>(v) == targets[t] ? logit : chosen;
    }
    total += std::log(sum) - chosen;
  }
  return total / static_cast<double>(hidden.size());
}

struct SlowLosses {
  double next_token = 0, mtp = 0, balance = 0;  // balance: sum over the mixture blocks
  double total() const { return next_token + kWeights.mtp * mtp + kWeights.balance * balance; }
};

// What train::pretraining_losses computes, with loops.
SlowLosses slow_losses(const Model& model, const Tensor& rows) {
  SlowLosses losses;
  const ModelConfig& config = model.config;
  for (int64_t row = 0; row < kRows; ++row) {
    const Tokens all = to_vector<int64_t>(rows[row]);
    const auto ahead = [&](int64_t places) {
      return Tokens(all.begin() + places, all.begin() + places + kLength);
    };
    const auto add_balance = [&](const std::vector<Rows>& blocks) {
      for (const Rows& scores : blocks) {
        losses.balance += model::testing::slow_balance_loss(scores, 1, config.moe.top_k) / kRows;
      }
    };
    auto output = model::testing::slow_forward(model, ahead(0));
    losses.next_token += slow_cross_entropy(model, output.hidden, ahead(1)) / kRows;
    add_balance(output.scores);
    for (int64_t depth = 0; depth < config.mtp_layers; ++depth) {
      output = model::testing::slow_predict_further(model, depth, output.hidden, ahead(depth + 1));
      losses.mtp += slow_cross_entropy(model, output.hidden, ahead(depth + 2)) /
                    static_cast<double>(kRows * config.mtp_layers);
      add_balance(output.scores);
    }
  }
  return losses;
}

// The gradient of the step along one random direction through all parameters, against the slow
// loss a little to both sides.
void verify_gradient(Model& model, const Tensor& rows, VerifyReport& report) {
  Model doubled = model;
  std::vector<std::pair<Tensor, Tensor>> moves;  // a tensor in doubles, and its direction
  double along = 0;
  std::vector<Tensor> gradients;
  model::each_tensor(
      model, [&](const std::string&, Tensor& tensor, Role) { gradients.push_back(tensor.grad()); });
  std::size_t next = 0;
  model::each_tensor(doubled, [&](const std::string& name, Tensor& tensor, Role role) {
    tensor = tensor.detach().to(at::kDouble);
    const Tensor gradient = gradients.at(next++);
    if (role == Role::kState || !gradient.defined()) {
      return;
    }
    Rng rng(4, name);
    std::vector<float> direction;
    for (int64_t i = 0; i < tensor.numel(); ++i) {
      direction.push_back(static_cast<float>(rng.normal()));
    }
    const Tensor step = tensor_from(direction, tensor.sizes()).to(at::kDouble);
    along += (gradient.to(at::kDouble) * step).sum().item<double>();
    moves.emplace_back(tensor, step);
  });
  constexpr double kStep = 1e-5;
  const auto loss_at = [&](double distance) {
    for (const auto& [tensor, step] : moves) {
      tensor.add_(step, distance);
    }
    return slow_losses(doubled, rows).total();
  };
  const double ahead = loss_at(kStep), behind = loss_at(-2 * kStep);
  report.near("training step: gradient along a random direction",
              along,
              (ahead - behind) / (2 * kStep),
              1e-3 * std::max(1.0, std::abs(along)));
}

void verify_bias_update(Model& model, const std::vector<Tensor>& loads, VerifyReport& report) {
  std::vector<Row> expected, found;
  const auto gather = [&](std::vector<Row>& biases) {
    model::each_tensor(model, [&](const std::string&, Tensor& tensor, Role role) {
      if (role == Role::kState) {
        biases.push_back(model::testing::to_rows(tensor)[0]);
      }
    });
  };
  gather(expected);
  for (std::size_t block = 0; block < expected.size(); ++block) {
    const auto load = to_vector<int64_t>(loads.at(block));
    const double mean = static_cast<double>(kRows * kLength * model.config.moe.top_k) /
                        static_cast<double>(load.size());
    for (std::size_t i = 0; i < load.size(); ++i) {
      const auto visits = static_cast<double>(load[i]);
      expected[block][i] += visits < mean ? 0.001 : visits > mean ? -0.001 : 0.0;
    }
  }
  train::update_selection_bias_(model, loads, 0.001);
  gather(found);
  double worst = 0;
  for (std::size_t block = 0; block < expected.size(); ++block) {
    for (std::size_t i = 0; i < expected[block].size(); ++i) {
      worst = std::max(worst, std::abs(found.at(block)[i] - expected[block][i]));
    }
  }
  report.below("training step: biases, +0.001 below the mean load and -0.001 above", worst, 1e-7);
}

}  // namespace

void verify_training_step(Model& model, VerifyReport& report) {
  model::each_tensor(model, [](const std::string&, Tensor& tensor, Role role) {
    tensor.set_requires_grad(role != Role::kState);
  });
  const Tensor rows = verify_batch::draw(model.config, kLength + train::extra_tokens(model.config));
  const train::Losses fast = train::pretraining_losses(model, rows, kWeights);
  const SlowLosses slow = slow_losses(model, rows);
  report.near("training step: loss of the next token",
              fast.next_token.item<double>(),
              slow.next_token,
              1e-4);
  if (model.config.mtp_layers > 0) {
    report.near(
        "training step: loss of multi-token prediction", fast.mtp.item<double>(), slow.mtp, 1e-4);
  }
  const auto blocks = static_cast<double>(fast.loads.size());
  if (blocks > 0) {
    report.near("training step: balance loss of the raw scores, by sequence",
                fast.balance.item<double>(),
                slow.balance / blocks,
                1e-4);
    report.same("training step: visits to experts in a block",
                fast.loads.front().sum().item<int64_t>(),
                kRows * kLength * model.config.moe.top_k);
  }
  report.near("training step: total loss", fast.total.item<double>(), slow.total(), 1e-4);
  fast.total.backward();
  verify_gradient(model, rows, report);
  if (blocks > 0 && model.config.moe.has_selection_bias) {
    verify_bias_update(model, fast.loads, report);
  }
}

Tensor verify_batch::draw(const ModelConfig& config, int64_t length) {
  Rng rng(3, "verify/tokens");
  Tokens tokens;
  for (int64_t i = 0; i < kRows * length; ++i) {
    tokens.push_back(static_cast<int64_t>(rng.below(config.vocab_size)));
  }
  return at::tensor(tokens, at::kLong).view({kRows, length});
}

}  // namespace rq
