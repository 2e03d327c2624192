#pragma once
// A run as the report needs to know it: what steps it has, how each stands and what it cost. Read
// from a run folder by whoever knows recipes; what a folder lacks is named and left out.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "report/flow.h"

namespace rq::report {

// A data box to be collected, or a process.
struct Step {
  std::string id = {};           // "data.prose", "process.pretrain"
  std::string kind = {};         // "data", "pretrain"
  std::string work_folder = {};  // its name under work/
  std::string place = {};        // of what it makes, within the run folder
  State state = State::kWaiting;
  std::int64_t attempts = 0;                    // at it as it is now
  double wall_s = 0, core_s = 0, device_s = 0;  // over these attempts
  double tokens = 0, expected_tokens = 0;       // 0 where not known
  double flops = 0;
  double peak_memory_bytes = 0;

  // How much is done; 0 where that is not known.
  double share() const { return expected_tokens > 0 ? tokens / expected_tokens : 0; }
};

// What was spent on attempts that the recipe's changes made void.
struct Replaced {
  std::int64_t attempts = 0;
  double wall_s = 0, core_s = 0, device_s = 0;
};

struct Run {
  std::filesystem::path folder = {};
  std::string name = {};
  std::int64_t seed = 0;
  bool is_going_on = false;
  Flow flow = {};
  std::vector<Step> steps = {};           // in the order of the work
  Replaced replaced = {};                 // beside them
  std::vector<std::string> missing = {};  // a sentence for each thing that could not be read
};

}  // namespace rq::report
