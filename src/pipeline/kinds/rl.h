#pragma once
// kind = "rl": a model learns by trying (GRPO, DeepSeek-V3 §5.2.2): it answers problems, a program
// checks the answers, and what was right becomes likelier.
//
//   [data.math-problems]
//   source.problems = { kinds = ["chain", "sum"], count = 10_000, answers = "none" }
//
//   [process.expert-math]
//   kind = "rl"
//   from = "expert-math-sft"
//   prompts = ["math-problems"]
//   rewards = { right = 1, format = 0.1 }
//   train = { steps = 60, prompts = 16, group = 8, max_tokens = 200 }
//   makes = "expert-math"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/kinds/judges.h"
#include "pipeline/process.h"
#include "rl/config.h"

namespace rq::pipeline {

// What an answer's reward is the sum of, each times its weight.
struct RewardWeights {
  double right = 1;     // 1 where the answer is; of code the share of the tests that it passes
  double format = 0;    // 1 where reasoning stands before </think> and an answer behind it
  double language = 0;  // the share of its letters that are of the question's scripts
  double model = 0;     // what the reward model says that it is worth
  double judge = 0;     // what the judge says, from 0 to 1; 0 where it says nothing of the kind

  template <typename Visit>
  void each(Visit&& visit) {
    visit("right", right);
    visit("format", format);
    visit("language", language);
    visit("model", model);
    visit("judge", judge);
  }
};

struct RlSettings {
  static constexpr std::array<std::string_view, 3> kRequired = {"from", "prompts", "makes"};
  std::string from = {};  // made by a process, or [model.NAME]; also the reference, to begin with
  std::vector<std::string> prompts = {};  // [data.NAME] boxes of problems
  RewardWeights rewards = {};
  std::string reward_model = {};  // made by kind = "reward-model", where rewards.model weighs
  JudgeConfig judge = {};         // where rewards.judge weighs
  rl::RlConfig train = {};
  std::string makes = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("prompts", prompts);
    visit("rewards", rewards);
    visit("reward_model", reward_model);
    visit("judge", judge);
    visit("train", train);
    visit("makes", makes);
  }
  std::vector<std::string> problems() const;
};

Kind rl_kind();

}  // namespace rq::pipeline
