#pragma once
// What a run reports of each step: a line of metrics.jsonl, and a TensorBoard event file beside it.

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"

namespace rq::train {

using Scalars = std::vector<std::pair<std::string, double>>;

// Drops the lines of a .jsonl file that are of steps after `last_step`, which a killed attempt
// wrote and this one repeats, and what is no whole line.
void keep_steps(const std::filesystem::path& lines, int64_t last_step);

class Metrics {
 public:
  // Continues `folder`/metrics.jsonl behind `last_step`.
  Metrics(const std::filesystem::path& folder, int64_t last_step);
  // One line {"step": …, name: value …, extra…}; the scalars also go to TensorBoard.
  void write(int64_t step, const Scalars& scalars, const Json& extra = Json::object());

 private:
  std::filesystem::path lines_, events_;
};

// One record of a TensorBoard event file: the length, its masked CRC-32C, the Event message, and
// that message's masked CRC-32C.
std::string event_record(double wall_time_s, int64_t step, const Scalars& scalars);
// The record that must come first.
std::string event_file_header(double wall_time_s);

}  // namespace rq::train
