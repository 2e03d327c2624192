#pragma once
// Answers as training sees them: behind their prompts, packed one after the other.

#include <cstdint>
#include <span>
#include <vector>

#include "base/tensor.h"
#include "rl/config.h"
#include "rl/judged.h"
#include "train/objective.h"

namespace rq::rl {

// An answer that is learned from.
struct Lesson {
  const Prompt* prompt;
  const JudgedAnswer* judged;

  int64_t answer_length() const { return static_cast<int64_t>(judged->answer.tokens.size()); }
  int64_t length() const { return static_cast<int64_t>(prompt->tokens.size()) + answer_length(); }
};

// What each token of the lessons' answers weighs in their update: all of them together 1.
std::vector<double> weights_of(std::span<const Lesson> lessons, Mean mean);

// Beside each token: 0 on prompts.
struct PackedLessons {
  train::Samples samples;
  Tensor rollout_logprobs, advantages;  // [T]
};
// `weights` as above, for these lessons.
PackedLessons pack(std::span<const Lesson> lessons, std::span<const double> weights);

}  // namespace rq::rl
