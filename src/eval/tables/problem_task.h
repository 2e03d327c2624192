#pragma once
// Problems as tasks, judged by the program that checks rewards: each kind of generated ones, asked
// of the side of the split that no training sees, and each file is a row of the table.

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "eval/tables/task.h"

namespace rq::eval {

struct ProblemSettings {
  ProblemSource draw = {};  // its keys stand beside these; each kind and file is a row
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

// A task for each kind, and for each file.
std::vector<Task> problem_tasks(const ProblemSettings& settings);

// Whatever makes such tasks impossible, a sentence each: unknown kinds, more problems than there
// are, files below the folder `data` that hold something else.
std::vector<std::string> problems_of(const ProblemSettings& settings,
                                     const std::filesystem::path& data);

}  // namespace rq::eval
