#pragma once
// Answers to prompts by the policy as it stands, with the log-probabilities by which they were
// drawn: the engine's, which training agrees with up to rounding.

#include <cstdint>
#include <string>
#include <vector>

#include "model/model.h"
#include "rl/config.h"

namespace rq::rl {

struct Prompt {
  std::vector<std::int32_t> tokens = {};
  std::string domain = {};  // by which rewards are reported
};

struct Answer {
  std::vector<std::int32_t> tokens = {};  // with the end token, where it came
  std::vector<float> logprobs = {};       // beside tokens, at the rollout's temperature
  bool is_cut = false;                    // by its most tokens, or the context
};

struct Rollout {
  std::vector<std::vector<Answer>> groups = {};  // beside the prompts
  std::int64_t prompt_tokens = 0;                // that were read; shared ones once
};

// A group of answers to each prompt. `seed` alone decides, so that a step that is taken a second
// time has the same answers, to the bit. Throws Interrupted where a stop was requested.
Rollout roll_out(const model::Model& model,
                 const std::vector<const Prompt*>& prompts,
                 const std::vector<std::int32_t>& end_tokens,
                 const RlConfig& config,
                 std::uint64_t seed);

}  // namespace rq::rl
