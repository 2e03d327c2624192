#pragma once
// Pre-training (DeepSeek-V3 §4.2): from packed rows of tokens to a model.

#include <cstdint>
#include <string>
#include <vector>

#include "base/tensor.h"
#include "data/loader.h"
#include "model/model.h"
#include "optim/schedule.h"
#include "train/config.h"
#include "train/loop.h"

namespace rq::train {

struct PretrainConfig : TrainingConfig {
  int64_t sequence_length = 0;  // tokens a row trains on; 0: the model's context
  int64_t tokens = 0;           // to train on in all
  int64_t steps = 0;            // the same as a count of steps; exactly one of both is given
  optim::BatchRamp batch;       // rows a step
  int64_t micro_batch = 0;      // rows at once, gradients accumulated; 0: all rows of a step

  template <typename Visit>
  void each(Visit&& visit) {
    visit("sequence_length", sequence_length);
    visit("tokens", tokens);
    visit("steps", steps);
    visit("batch", batch);
    visit("micro_batch", micro_batch);
    TrainingConfig::each(visit);
  }
  std::vector<std::string> problems() const;
};

// One step on rows [B, S + extra_tokens].
StepReport train_on_rows(Trainer& trainer,
                         const model::Model& model,
                         const PretrainConfig& config,
                         const Tensor& rows);

// What a run works with beside its settings.
struct PretrainJob {
  PretrainConfig config;  // with a sequence length, and a count of tokens
  model::Model& model;    // initialised; holds the trained weights afterwards
  data::Loader& loader;   // at its start
  double flops_per_token = 0;
  Workplace workplace;
};

// Trains until config.tokens (loop.h).
void pretrain(const PretrainJob& job);

}  // namespace rq::train
