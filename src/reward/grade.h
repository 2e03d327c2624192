#pragma once
// How good an answer to a problem is: the one door from a problem and a text to a reward.

#include <string>
#include <string_view>

#include "reward/problem.h"
#include "reward/sandbox.h"

namespace rq::reward {

struct Grade {
  double score = 0;  // 1: right; of code the share of the tests that passed; 0: wrong, or no answer
  bool is_right = false;
  std::string reason = {};  // of what is not right, a sentence
};

// Mathematics and logic: what stands in the last box is compared with the answer. Code runs in the
// sandbox, which the caller makes once, within `limits`; a MachineError where it does not start.
// Any thread.
Grade grade(const Problem& problem,
            std::string_view answer,
            const Sandbox& sandbox,
            const Limits& limits = {});

}  // namespace rq::reward
