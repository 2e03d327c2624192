#pragma once
// AdamW (arXiv 1711.05101) for every parameter, or Muon (orthogonalised momentum; scaled as in
// arXiv 2502.16982, so that one learning rate and one weight decay serve both) for matrices and
// AdamW for the rest.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/tensor.h"

namespace rq::optim {

enum class Method { kAdamW, kMuon };
constexpr std::array<std::pair<Method, std::string_view>, 2> enum_names(Method) {
  return {{{Method::kAdamW, "adamw"}, {Method::kMuon, "muon"}}};
}

struct OptimizerConfig {
  Method method = Method::kAdamW;
  double beta1 = 0.9;
  double beta2 = 0.95;
  double epsilon = 1e-8;
  double weight_decay = 0.1;      // times the learning rate; on matrices and embeddings only
  double clip_norm = 1.0;         // gradients are scaled down to this global norm; 0: never
  double muon_momentum = 0.95;    // Nesterov
  double muon_rate_factor = 1.0;  // Muon's learning rate over AdamW's

  template <typename Visit>
  void each(Visit&& visit) {
    visit("method", method);
    visit("beta1", beta1);
    visit("beta2", beta2);
    visit("epsilon", epsilon);
    visit("weight_decay", weight_decay);
    visit("clip_norm", clip_norm);
    visit("muon_momentum", muon_momentum);
    visit("muon_rate_factor", muon_rate_factor);
  }
  // What its values cannot be, a sentence each.
  std::vector<std::string> problems() const;
};

// How a parameter is updated.
enum class Rule {
  kMatrix,     // Muon where it is chosen; decays
  kEmbedding,  // AdamW; decays
  kGain,       // AdamW; does not decay
};

struct Parameter {
  std::string name;
  Tensor tensor;  // a leaf that requires a gradient
  Rule rule;
};

class Optimizer {
 public:
  Optimizer(OptimizerConfig config, std::vector<Parameter> parameters);

  // The global norm of all gradients, which are then scaled to clip_norm where they exceed it.
  // Undefined gradients count as zero.
  double clip_gradients_();
  // One update from the gradients; then there are none. Parameters without a gradient stay as they
  // are.
  void step_(double learning_rate);
  void zero_gradients_();

  const std::vector<Parameter>& parameters() const { return parameters_; }
  int64_t steps() const { return steps_; }
  void set_steps(int64_t steps);
  // Everything that continuing needs beside the parameters and steps(), by name.
  std::vector<std::pair<std::string, Tensor>> state() const;

 private:
  bool uses_muon(const Parameter& parameter) const;

  OptimizerConfig config_;
  std::vector<Parameter> parameters_;
  std::vector<Tensor> first_, second_;  // moments, beside parameters_; Muon has no second
  int64_t steps_ = 0;
};

// The nearest semi-orthogonal matrix, roughly: five Newton-Schulz steps drive the singular values
// of each [..., M, N] matrix to about 1.
Tensor orthogonalize(const Tensor& matrices);

}  // namespace rq::optim
