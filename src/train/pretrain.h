#pragma once
// Pre-training (DeepSeek-V3 §4.2): from packed rows of tokens to a model, over as many attempts as
// it takes. A run that is killed at any moment goes on from its last checkpoint to the same bits.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/loader.h"
#include "model/model.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

namespace rq::train {

struct PretrainConfig {
  int64_t sequence_length = 0;  // tokens a row trains on; 0: the model's context
  int64_t tokens = 0;           // to train on in all
  int64_t steps = 0;            // the same as a count of steps; exactly one of both is given
  optim::BatchRamp batch;       // rows a step
  int64_t micro_batch = 0;      // rows at once, gradients accumulated; 0: all rows of a step
  model::Recompute recompute = model::Recompute::kNone;  // memory against time; no bit changes
  optim::LearningRateSchedule learning_rate;
  optim::OptimizerConfig optimizer;
  optim::Step mtp_weight{.first = 0.3};  // lambda
  double balance_weight = 1e-4;          // alpha
  optim::Step bias_step{.first = 1e-3};  // gamma
  double ema_decay = 0;  // of the weights kept as an average and saved at the end; 0: none are kept
  int64_t checkpoint_every = 100;  // steps
  int64_t checkpoints_kept = 2;
  double spike_limit = 3.0;  // a loss so far above the running mean is not stepped on; 0: never
  int64_t skipped_steps_limit = 20;  // then the run stops

  template <typename Visit>
  void each(Visit&& visit) {
    visit("sequence_length", sequence_length);
    visit("tokens", tokens);
    visit("steps", steps);
    visit("batch", batch);
    visit("micro_batch", micro_batch);
    visit("recompute", recompute);
    visit("learning_rate", learning_rate);
    visit("optimizer", optimizer);
    visit("mtp_weight", mtp_weight);
    visit("balance_weight", balance_weight);
    visit("bias_step", bias_step);
    visit("ema_decay", ema_decay);
    visit("checkpoint_every", checkpoint_every);
    visit("checkpoints_kept", checkpoints_kept);
    visit("spike_limit", spike_limit);
    visit("skipped_steps_limit", skipped_steps_limit);
  }
  // What its own values cannot be, a sentence each; those of its tables are asked for themselves.
  std::vector<std::string> problems() const;
};

// Looks at the model in training after a step, and returns what it found by name; nothing where
// none is due. The same step gives the same answer.
using Probe = std::function<std::vector<std::pair<std::string, double>>(int64_t step)>;

// What a run works with beside its settings.
struct PretrainJob {
  PretrainConfig config;       // with a sequence length, and a count of tokens
  model::Model& model;         // initialised; holds the trained weights afterwards
  data::Loader& loader;        // at its start
  std::filesystem::path work;  // checkpoints/, metrics.jsonl, events for TensorBoard
  double flops_per_token = 0;  // of one training step, for the share of the machine's limit
  std::function<void(int64_t tokens, double flops)> on_step;  // told what each step spent
  Probe probe;                                                // may be empty
  std::function<void(std::string_view)> log;                  // told what a person should read
};

// Trains until config.tokens. Throws Interrupted after saving where a stop was requested, and
// MachineError where too many steps had a loss or gradient that was not finite, or a loss spike.
void pretrain(PretrainJob& job);

}  // namespace rq::train
