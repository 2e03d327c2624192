#pragma once
// Training of a reward model (DeepSeek-V3 §5.2.1): a checkpoint that answers gets a score in place
// of words, and learns from pairs which of two answers people, or a program, prefer.

#include <cstdint>
#include <string>
#include <vector>

#include "data/sample_loader.h"
#include "data/samples.h"
#include "model/model.h"
#include "train/config.h"
#include "train/loop.h"

namespace rq::train {

struct RewardModelConfig : TrainingConfig {
  int64_t epochs = 1;
  int64_t step_tokens = 4096;  // of the pairs of a step, at most; one longer pair is a step

  template <typename Visit>
  void each(Visit&& visit) {
    visit("epochs", epochs);
    visit("step_tokens", step_tokens);
    TrainingConfig::each(visit);
  }
  std::vector<std::string> problems() const;
};

struct RewardModelJob {
  RewardModelConfig config;
  model::Model& model;         // to begin with; a score that it lacks begins at zero
  data::SampleLoader& loader;  // of pairs (data::SampleMaker::pair), at its start
  double flops_per_token = 0;
  Workplace workplace;
};

// Trains through all epochs (loop.h). Where the learning rate has no end of its cosine, that is the
// end of training.
void fit_reward_model(RewardModelJob job);

// What a sequence is worth to a reward model.
double worth_of(const model::Model& model, const data::Sample& sample);

// Of pairs, those of which the first answer is worth more than the second.
int64_t pairs_in_order(const model::Model& model, const std::vector<data::Sample>& pairs);

}  // namespace rq::train
