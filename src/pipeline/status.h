#pragma once
// What stands in a run folder: each node's state and what it cost, while a run is going on and
// after.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/cost.h"
#include "pipeline/run_folder.h"

namespace rq::pipeline {

// kWaiting: for its turn; kForPeople: for people, who have something to do.
enum class StatusWord { kWaiting, kRunning, kStopped, kFailed, kStale, kDone, kForPeople };

struct StatusRow {
  PlannedNode node = {};
  StatusWord word = StatusWord::kWaiting;
  Cost cost = {};  // over all attempts at it as it is now, the one going on included
  std::int64_t attempts = 0;
};

// In the order of the work. An Error where `run_dir` is no run folder.
std::vector<StatusRow> read_status(const std::filesystem::path& run_dir);

// What was spent beside all that: on nodes with other settings or inputs than today's, and on nodes
// that the recipe no longer has.
struct Replaced {
  std::int64_t attempts = 0;
  Cost cost = {};
};
Replaced read_replaced(const std::filesystem::path& run_dir);

// A table for people: a row a node, totals, and each node's share of the hours; below it what was
// spent on attempts since replaced.
std::string status_table(const std::vector<StatusRow>& rows, const Replaced& replaced = {});

}  // namespace rq::pipeline
