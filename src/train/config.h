#pragma once
// What every training has: its optimizer and rates, its guards, and how often it is saved.

#include <cstdint>
#include <string>
#include <vector>

#include "model/recompute.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

namespace rq::train {

struct TrainingConfig {
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

}  // namespace rq::train
