#pragma once
// What is reported of each step.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "rl/judged.h"

namespace rq::rl {

// Of one step; means are over its answers.
struct StepNumbers {
  std::map<std::string, double> rewards = {};  // means by domain
  std::map<std::string, double> right = {};    // shares by domain
  double reward = 0;
  double length = 0;    // tokens
  double cut = 0;       // share that reached max_tokens
  double flat = 0;      // share of the groups whose answers all got the same reward
  double entropy = 0;   // nats a token, estimated by the drawn tokens' surprise
  double kl = 0;        // nats a token, to the reference
  double clipped = 0;   // share of the tokens whose gradient clipping took away
  double mismatch = 0;  // the largest difference of a token's log-probability, rollout to trainer

  std::vector<std::pair<std::string, double>> scalars() const;
};

// Those that the answers alone tell: all but kl, clipped and mismatch.
StepNumbers numbers_of(const std::vector<JudgedGroup>& groups, const std::vector<Prompt>& prompts);

}  // namespace rq::rl
