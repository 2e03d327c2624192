#include "pipeline/status.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/config.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "pipeline/ledger.h"

namespace rq::pipeline {

namespace fs = std::filesystem;

namespace {

constexpr double kSecondsAnHour = 3600;

std::string_view word_text(StatusWord word) {
  switch (word) {
    case StatusWord::kWaiting:
      return "waiting";
    case StatusWord::kRunning:
      return "running";
    case StatusWord::kStopped:
      return "stopped";
    case StatusWord::kForPeople:
      return "for people";
    case StatusWord::kFailed:
      return "failed";
    case StatusWord::kStale:
      return "stale";
    case StatusWord::kDone:
      return "done";
  }
  return "";
}

// The attempts of the ledger and those that stand in heartbeat files alone.
std::vector<Attempt> all_attempts(const RunFolder& folder) {
  auto attempts = Ledger(folder.ledger()).read();
  for (const fs::path& heartbeat : folder.heartbeats()) {
    std::string text;
    try {
      text = read_file(heartbeat);
    } catch (const Error&) {  // the attempt ended between our two looks
      continue;
    }
    const auto attempt = read_config<Attempt>(
        from_json(parse_json(text, heartbeat.string()), heartbeat.string()), "");
    const bool is_known = std::any_of(attempts.begin(), attempts.end(), [&](const Attempt& other) {
      return other.id == attempt.id;
    });
    if (!is_known) {
      attempts.push_back(attempt);
    }
  }
  return attempts;
}

StatusWord word_for(const PlannedNode& node,
                    const RunFolder& folder,
                    const std::vector<Attempt>& attempts,
                    bool is_run_alive) {
  const auto done = folder.done_hash(node.work_folder);
  if (done == node.hash && fs::exists(folder.root() / node.place)) {
    return StatusWord::kDone;
  }
  const auto last = std::find_if(attempts.rbegin(), attempts.rend(), [&](const Attempt& attempt) {
    return is_at(attempt, node.id, node.hash);
  });
  if (done || last == attempts.rend()) {
    return done ? StatusWord::kStale : StatusWord::kWaiting;
  }
  if (last->outcome == Outcome::kRunning && is_run_alive) {
    return StatusWord::kRunning;
  }
  switch (last->outcome) {
    case Outcome::kFailed:
      return StatusWord::kFailed;
    case Outcome::kWaiting:
      return StatusWord::kForPeople;
    default:
      return StatusWord::kStopped;
  }
}

double hours(const Cost& cost) {
  return (cost.device_s > 0 ? cost.device_s : cost.core_s) / kSecondsAnHour;
}

std::string token_text(const StatusRow& row) {
  if (row.cost.tokens == 0) {
    return "-";
  }
  const std::string text = format_count(static_cast<double>(row.cost.tokens));
  const bool is_partial = row.word != StatusWord::kDone && row.node.tokens > 0;
  return is_partial ? fmt::format("{} of {}", text, format_count(row.node.tokens)) : text;
}

using Cells = std::vector<std::string>;

Cells cells_for(std::string_view name,
                std::string_view state,
                const Cost& cost,
                const std::string& tokens,
                double all_hours) {
  const bool is_untouched = cost.wall_s == 0;
  const auto shown = [&](std::string text) { return is_untouched ? "-" : std::move(text); };
  return {std::string(name),
          std::string(state),
          shown(format_duration(cost.wall_s)),
          shown(fmt::format("{:.4f}{}", hours(cost), cost.device_s > 0 ? " dev" : "")),
          shown(all_hours > 0 ? fmt::format("{:.1f}%", 100 * hours(cost) / all_hours) : "-"),
          tokens,
          cost.flops > 0 ? fmt::format("{:.2e}", cost.flops) : "-",
          shown(format_bytes(static_cast<double>(cost.peak_memory_bytes)))};
}

// What was predicted, behind what was measured.
void add_predicted(Cells& cells, const Prediction& prediction) {
  const auto shown = [](double value, std::string text) {
    return value > 0 ? std::move(text) : "-";
  };
  cells.push_back(shown(prediction.wall_s, format_duration(prediction.wall_s)));
  const auto bytes = static_cast<double>(prediction.peak_memory_bytes);
  cells.push_back(shown(bytes, format_bytes(bytes)));
}

// Two columns more for a table of these rows under a head and above a sum; none where nothing was
// predicted.
void add_predictions(std::vector<Cells>& table, const std::vector<StatusRow>& rows) {
  Prediction all;
  for (const StatusRow& row : rows) {
    const Prediction& one = row.node.prediction;
    all.wall_s += one.wall_s;
    all.peak_memory_bytes = std::max(all.peak_memory_bytes, one.peak_memory_bytes);
  }
  if (all.wall_s == 0) {
    return;
  }
  table.front().insert(table.front().end(), {"predicted wall", "and memory"});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    add_predicted(table[i + 1], rows[i].node.prediction);
  }
  add_predicted(table.back(), all);
}

std::string layout(const std::vector<Cells>& table) {
  std::vector<std::size_t> widths(table.front().size());
  for (const Cells& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const Cells& row : table) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += i < 2 ? fmt::format("{:<{}}  ", row[i], widths[i])   // names to the left,
                    : fmt::format("{:>{}}  ", row[i], widths[i]);  // numbers to the right
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace

std::vector<StatusRow> read_status(const fs::path& run_dir) {
  const RunFolder folder(run_dir);
  const auto plan = folder.read_plan();
  const bool is_run_alive = FolderLock::is_held(run_dir);
  const auto attempts = all_attempts(folder);
  std::vector<StatusRow> rows;
  for (const PlannedNode& node : plan) {
    StatusRow row{.node = node, .word = word_for(node, folder, attempts, is_run_alive)};
    for (const Attempt& attempt : attempts) {
      if (is_at(attempt, node.id, node.hash)) {
        row.cost += attempt.cost;
        ++row.attempts;
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Replaced read_replaced(const fs::path& run_dir) {
  const RunFolder folder(run_dir);
  const auto plan = folder.read_plan();
  Replaced replaced;
  for (const Attempt& attempt : Ledger(folder.ledger()).read()) {
    const bool stands = std::ranges::any_of(
        plan, [&](const PlannedNode& node) { return is_at(attempt, node.id, node.hash); });
    if (!stands) {
      replaced.cost += attempt.cost;
      ++replaced.attempts;
    }
  }
  return replaced;
}

std::string status_table(const std::vector<StatusRow>& rows, const Replaced& replaced) {
  Cost total;
  double all_hours = 0;
  std::size_t done = 0;
  for (const StatusRow& row : rows) {
    total += row.cost;
    all_hours += hours(row.cost);
    done += row.word == StatusWord::kDone ? 1 : 0;
  }
  const bool has_devices = total.device_s > 0;
  std::vector<Cells> table = {{"box",
                               "state",
                               "wall",
                               has_devices ? "hours" : "core-hours",
                               "share",
                               "tokens",
                               "FLOPs",
                               "peak memory"}};
  for (const StatusRow& row : rows) {
    table.push_back(
        cells_for(row.node.id, word_text(row.word), row.cost, token_text(row), all_hours));
  }
  Cells sum = cells_for("all",
                        fmt::format("{}/{} done", done, rows.size()),
                        total,
                        total.tokens > 0 ? format_count(static_cast<double>(total.tokens)) : "-",
                        all_hours);
  if (has_devices) {
    sum[3] = fmt::format("{:.4f}", all_hours);
  }
  table.push_back(std::move(sum));
  add_predictions(table, rows);
  const Cost& gone = replaced.cost;
  return layout(table) + (replaced.attempts == 0
                              ? ""
                              : fmt::format("spent on {} attempts since replaced: {}, {:.4f} {}\n",
                                            replaced.attempts,
                                            format_duration(gone.wall_s),
                                            hours(gone),
                                            gone.device_s > 0 ? "device-hours" : "core-hours"));
}

}  // namespace rq::pipeline
