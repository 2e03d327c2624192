#pragma once
// One optimizer step at a time: losses over micro-batches, the guard, the update, the experts'
// balance, the average of the weights; and all of it saved and restored. Knows no files and no
// clock.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/tensor.h"
#include "model/model.h"
#include "optim/optimizer.h"
#include "train/objective.h"
#include "train/pretrain.h"

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

class Trainer {
 public:
  // Makes the model's tensors leaves that require gradients. The model must outlive the trainer.
  Trainer(model::Model& model, const PretrainConfig& config);

  // Rows of the next step, by the batch ramp.
  int64_t next_batch() const;
  // Trains on rows [B, S + extra_tokens]. Skipped steps consume their tokens all the same.
  StepReport step(const Tensor& rows);

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
  Sums accumulate_gradients(const Tensor& rows);
  bool is_sound(double loss, double gradient_norm) const;
  void update_average_();

  model::Model& model_;
  PretrainConfig config_;
  optim::Optimizer optimizer_;
  std::vector<Tensor> average_;  // beside optimizer_.parameters(); empty where none is kept
  int64_t tokens_ = 0, steps_ = 0, skipped_ = 0;
  double running_loss_ = 0;  // exponential mean, the level that spikes are measured from
};

}  // namespace rq::train
