#pragma once
// [plan]: what a recipe says of its own plan. Counts and lengths stand in for what nobody knows
// before the data are there; each that is used is named in the plan.
//
//   [plan]
//   answer_tokens = 100
//   answers.distil = { tokens = 150, most = 200, kept = 0.5 }      of [process.distil] alone
//   answers."evaluation.math" = { tokens = 90 }

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rq::pipeline {

// What one process or evaluation draws.
struct AnswerSettings {
  int64_t tokens = 0;  // of an answer, on average; 0: plan.answer_tokens
  int64_t most = 0;    // of the longest that ends a step or a round; 0: max_tokens
  double kept = 1;     // the share that is kept of a teacher's, or learned from by reinforcement

  template <typename Visit>
  void each(Visit&& visit) {
    visit("tokens", tokens);
    visit("most", most);
    visit("kept", kept);
  }
  std::vector<std::string> problems() const;
};

struct PlanSettings {
  double ask_above_hours = 0;    // of the wall, predicted: then `run` asks first; 0: never
  double ask_above_dollars = 0;  // likewise
  double dollars_per_hour = 0;   // of this machine; of devices the table of devices knows
  int64_t documents = 10'000;    // of a box whose files are not read before it is collected
  int64_t sample_tokens = 0;     // of a conversation, question and answer; 0: counted where that
                                 // can be, else 512
  int64_t prompt_tokens = 0;     // of a question; 0: counted, else 128
  double bytes_per_token = 3;    // where they are counted before there is a tokenizer
  int64_t answer_tokens = 0;     // drawn for each, on average; 0: half of max_tokens
  std::map<std::string, AnswerSettings> answers = {};  // by process, or "evaluation.NAME"

  template <typename Visit>
  void each(Visit&& visit) {
    visit("ask_above_hours", ask_above_hours);
    visit("ask_above_dollars", ask_above_dollars);
    visit("dollars_per_hour", dollars_per_hour);
    visit("documents", documents);
    visit("sample_tokens", sample_tokens);
    visit("prompt_tokens", prompt_tokens);
    visit("bytes_per_token", bytes_per_token);
    visit("answer_tokens", answer_tokens);
    visit("answers", answers);
  }
  std::vector<std::string> problems() const;
};

}  // namespace rq::pipeline
