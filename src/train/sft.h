#pragma once
// Supervised fine-tuning (DeepSeek-V3 §5.1): the answers of conversations are learned, their
// prompts only read. Samples are packed one after the other, and none sees another.

#include <cstdint>
#include <string>
#include <vector>

#include "data/sample_loader.h"
#include "model/model.h"
#include "train/config.h"
#include "train/loop.h"
#include "train/objective.h"

namespace rq::train {

struct SftConfig : TrainingConfig {
  int64_t epochs = 2;
  int64_t step_tokens = 4096;  // of the samples of a step, at most; one longer sample is a step
  int64_t piece_tokens = 0;    // at once, gradients accumulated; 0: all of a step

  template <typename Visit>
  void each(Visit&& visit) {
    visit("epochs", epochs);
    visit("step_tokens", step_tokens);
    visit("piece_tokens", piece_tokens);
    TrainingConfig::each(visit);
  }
  std::vector<std::string> problems() const;
};

struct SftJob {
  SftConfig config;
  model::Model& model;         // to begin with; holds the trained weights afterwards
  data::SampleLoader& loader;  // at its start
  double flops_per_token = 0;
  Workplace workplace;
};

// Trains through all epochs (loop.h). Where the learning rate has no end of its cosine, that is the
// end of training.
void fine_tune(SftJob job);

// Samples one after the other; each answer token weighs `weight`.
Samples pack(const std::vector<const data::Sample*>& samples, double weight);

}  // namespace rq::train
