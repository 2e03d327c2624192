#pragma once
// One optimizer step at a time: the losses of its pieces, the guard, the update, the experts'
// balance, the average of the weights; and all of it saved and restored. Knows no files and no
// clock.

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/tensor.h"
#include "model/model.h"
#include "optim/optimizer.h"
#include "train/config.h"
#include "train/objective.h"

namespace rq::train {

struct StepReport {
  double next_token = 0;  // means over the step's tokens, natural logarithms
  double mtp = 0;
  double balance = 0;
  double gradient_norm = 0;  // before clipping
  double learning_rate = 0;
  bool is_skipped = false;    // not finite, or a spike: no update was made
  std::vector<Tensor> loads;  // as in Losses
};

// A part of a step that fits in memory: its share of the step's losses. Pieces are summed.
using Piece = std::function<Losses(const LossWeights& weights)>;

class Trainer {
 public:
  // Makes the model's tensors leaves that require gradients. The model must outlive the trainer.
  Trainer(model::Model& model, const TrainingConfig& config);

  // Trains on pieces that are so many tokens. Skipped steps consume their tokens all the same.
  StepReport step(int64_t step_tokens, const std::vector<Piece>& pieces);

  int64_t tokens() const { return tokens_; }  // consumed so far
  int64_t steps() const { return steps_; }    // taken so far, skipped ones included
  int64_t skipped_steps() const { return skipped_; }

  // The model's tensors, the optimizer's, and the average's, by name; and the numbers beside them.
  std::vector<std::pair<std::string, Tensor>> tensors();
  Json state() const;
  void restore(const Json& state);

  // Replaces the model's weights by their average, where one is kept.
  void adopt_average_();

 private:
  struct Sums {
    double next_token = 0, mtp = 0, balance = 0;
    std::vector<Tensor> loads;
  };
  Sums accumulate_gradients(const std::vector<Piece>& pieces);
  bool is_sound(double loss, double gradient_norm) const;
  void update_average_();

  model::Model& model_;
  TrainingConfig config_;
  optim::Optimizer optimizer_;
  std::vector<Tensor> average_;  // beside optimizer_.parameters(); empty where none is kept
  int64_t tokens_ = 0, steps_ = 0, skipped_ = 0;
  double running_loss_ = 0;  // exponential mean, the level that spikes are measured from
};

}  // namespace rq::train
