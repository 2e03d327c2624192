#pragma once
// Answers with what they are worth.

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "rl/rollout.h"

namespace rq::rl {

// What an answer is worth.
struct Reward {
  double value = 0;
  bool is_right = false;
  std::string note = {};  // of what is not right, a sentence
};

struct JudgedAnswer {
  Answer answer = {};
  std::string text = {};
  Reward reward = {};
  double advantage = 0;
};

// The answers to one prompt.
struct JudgedGroup {
  std::size_t prompt = 0;  // its index
  std::vector<JudgedAnswer> answers = {};

  // Whether all of them got the same reward.
  bool is_flat() const {
    return std::ranges::all_of(answers,
                               [](const JudgedAnswer& judged) { return judged.advantage == 0; });
  }
};

}  // namespace rq::rl
