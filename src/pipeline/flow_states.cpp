// How far a run has come, on the flowchart of flow.h.

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/format.h"
#include "base/progress.h"
#include "pipeline/flow.h"
#include "report/headline.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

report::FlowBox* find(report::Flow& flow, std::string_view id) {
  const auto box = std::ranges::find(flow.boxes, id, &report::FlowBox::id);
  return box != flow.boxes.end() ? &*box : nullptr;
}

// "models/v3-4k" -> "model.v3-4k".
std::string id_of_place(const fs::path& place) {
  std::string type = place.parent_path().string();
  if (type.ends_with("s")) {
    type.pop_back();
  }
  return type + "." + place.filename().string();
}

// "2.5M in 4m 05s".
std::string spent(const Cost& cost) {
  const std::string time = format_duration(cost.wall_s);
  return cost.tokens > 0
             ? fmt::format("{} in {}", format_count(static_cast<double>(cost.tokens)), time)
             : time;
}

void show_made(report::FlowBox& box, const StatusRow& row, const fs::path& run_dir) {
  if (row.word != StatusWord::kDone) {
    return;
  }
  box.state = report::State::kDone;
  const std::string headline =
      box.shape == report::Shape::kData
          ? report::data_headline(run_dir / row.node.place)
          : report::training_headline(run_dir / "work" / row.node.work_folder / "metrics.jsonl");
  if (box.shape == report::Shape::kData && !headline.empty()) {
    box.figures = {headline};
  } else if (!headline.empty()) {
    box.figures.push_back(headline);
  }
}

void show_work(report::FlowBox& box, const StatusRow& row) {
  box.state = state_of(row.word);
  if (row.word == StatusWord::kDone) {
    box.figures = {spent(row.cost)};
  } else if (row.word == StatusWord::kRunning && row.node.tokens > 0) {
    box.share = std::min(static_cast<double>(row.cost.tokens) / row.node.tokens, 1.0);
  }
}

}  // namespace

report::State state_of(StatusWord word) {
  switch (word) {
    case StatusWord::kWaiting:
      return report::State::kWaiting;
    case StatusWord::kRunning:
      return report::State::kRunning;
    case StatusWord::kStopped:
      return report::State::kStopped;
    case StatusWord::kForPeople:
      return report::State::kForPeople;
    case StatusWord::kFailed:
      return report::State::kFailed;
    case StatusWord::kStale:
      return report::State::kStale;
    case StatusWord::kDone:
      return report::State::kDone;
  }
  return report::State::kWaiting;
}

void add_states(report::Flow& flow, const std::vector<StatusRow>& rows, const fs::path& run_dir) {
  for (const StatusRow& row : rows) {
    report::FlowBox* const work = find(flow, row.node.id);
    report::FlowBox* const made = find(flow, id_of_place(row.node.place));
    const bool is_one = work == made && work != nullptr && work->shape != report::Shape::kProcess;
    if (work != nullptr && !is_one) {
      show_work(*work, row);
    }
    if (made != nullptr && (is_one || work != made)) {
      if (work == made) {
        made->state = state_of(row.word);
      }
      show_made(*made, row, run_dir);
    }
  }
}

}  // namespace rq::pipeline
