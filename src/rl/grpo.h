#pragma once
// Reinforcement learning by GRPO (DeepSeek-V3 §5.2.2): the model answers each prompt several times,
// what is better than the other answers to the same prompt becomes likelier, what is worse less
// likely, and a reference holds it near to where it began.
//
// Each step is a function of the weights before it and the seed, so that a training which was
// killed in the middle of a rollout takes the step again, to the same bits.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"
#include "rl/config.h"
#include "rl/judged.h"
#include "rl/rollout.h"
#include "tokenizer/tokenizer.h"
#include "train/loop.h"

namespace rq::rl {

struct RlJob {
  RlConfig config;
  model::Model& model;                    // to begin with; holds the trained weights afterwards
  std::optional<model::Model> reference;  // where kl_weight > 0; not changed but for the refresh
  const std::vector<Prompt>& prompts;     // each is asked once before any is asked again
  const tokenizer::Tokenizer& tokenizer;
  std::vector<std::int32_t> end_tokens;
  // Called from several threads at once; the same answer gets the same reward.
  std::function<Reward(std::size_t prompt, std::string_view text)> judge;
  // Then called with all answers of a step together, whose rewards it may change; may be empty.
  std::function<void(std::vector<JudgedGroup>&)> judge_all = {};
  std::function<void(int64_t step, const std::vector<JudgedGroup>&)> on_answers;  // may be empty
  std::uint64_t seed = 0;
  double forward_flops = 0, training_flops = 0;  // a token
  train::Workplace workplace;
};

// Takes all steps (loop.h). The learning rate's schedule counts tokens of prompts and answers.
void reinforce(RlJob job);

}  // namespace rq::rl
