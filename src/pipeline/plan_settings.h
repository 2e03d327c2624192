#pragma once
// [plan]: what a recipe says of its own plan. Counts and lengths stand in for what nobody knows
// before the data are there; each that is used is named in the plan.

#include <cstdint>
#include <string>
#include <vector>

namespace rq::pipeline {

struct PlanSettings {
  double ask_above_hours = 0;    // of the wall, predicted: then `run` asks first; 0: never
  double ask_above_dollars = 0;  // likewise
  double dollars_per_hour = 0;   // of this machine; of devices the table of devices knows
  int64_t documents = 10'000;    // of a box whose files are not read before it is collected
  int64_t sample_tokens = 512;   // of a conversation, question and answer
  int64_t prompt_tokens = 128;   // of a question
  int64_t answer_tokens = 0;     // drawn for each, on average; 0: half of max_tokens

  template <typename Visit>
  void each(Visit&& visit) {
    visit("ask_above_hours", ask_above_hours);
    visit("ask_above_dollars", ask_above_dollars);
    visit("dollars_per_hour", dollars_per_hour);
    visit("documents", documents);
    visit("sample_tokens", sample_tokens);
    visit("prompt_tokens", prompt_tokens);
    visit("answer_tokens", answer_tokens);
  }
  std::vector<std::string> problems() const;
};

}  // namespace rq::pipeline
