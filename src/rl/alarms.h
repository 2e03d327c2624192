#pragma once
// Looks at the numbers of each step for the ways in which reinforcement learning goes wrong, and
// says so in plain sentences.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "rl/step_numbers.h"

namespace rq::rl {

class Alarms {
 public:
  explicit Alarms(double mismatch_limit) : mismatch_limit_(mismatch_limit) {}

  // The sentences that are due behind this step: of what has just begun, and now and then of what
  // goes on. What is compared is the mean of the first steps.
  std::vector<std::string> look(const StepNumbers& step);

  Json state() const;
  void restore(const Json& state);

 private:
  double mismatch_limit_;
  int64_t steps_ = 0;
  double first_entropy_ = 0, first_length_ = 0;
  std::map<std::string, int64_t> said_;  // the step when an alarm was last said
};

}  // namespace rq::rl
