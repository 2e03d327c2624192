#pragma once
// Generated problems as tasks: each kind is a row of the table, asked of the side of the split that
// no training sees and judged by the program that checks rewards.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "eval/tables/task.h"

namespace rq::eval {

struct ProblemSettings {
  DrawnProblems draw = {};  // its keys stand beside these; each kind is a row
  std::string system = {};  // what the system says before the problem; empty: nothing
  std::int64_t samples = 1;
  double temperature = 0;  // 0: the most probable answer, the same each time
  double top_p = 1;
  std::int64_t max_tokens = 512;

  template <typename Visit>
  void each(Visit&& visit) {
    draw.each(visit);
    visit("system", system);
    visit("samples", samples);
    visit("temperature", temperature);
    visit("top_p", top_p);
    visit("max_tokens", max_tokens);
  }
};

// A task for each kind.
std::vector<Task> problem_tasks(const ProblemSettings& settings);

// Whatever makes such tasks impossible, a sentence each: unknown kinds, more problems than there
// are.
std::vector<std::string> problems_of(const ProblemSettings& settings);

}  // namespace rq::eval
