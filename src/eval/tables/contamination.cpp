#include "eval/tables/contamination.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/signals.h"
#include "data/store.h"
#include "synth/overlap.h"

namespace rq::eval {

namespace fs = std::filesystem;

void Contamination::note(Record& record) const {
  const auto task = found.find(record.making.task);
  record.making.contamination = {{"words", synth::kRunWords}, {"documents", documents}};
  for (const fs::path& box : boxes) {
    record.making.contamination["boxes"].push_back(box.filename().string());
  }
  for (RecordLine& line : record.lines) {
    line.is_in_training = task != found.end() && task->second.contains(line.id);
  }
}

std::vector<fs::path> boxes_of_run(const fs::path& run) {
  std::vector<fs::path> boxes;
  if (fs::is_directory(run / "data")) {
    for (const auto& entry : fs::directory_iterator(run / "data")) {
      if (fs::exists(entry.path() / "manifest.json")) {
        boxes.push_back(entry.path());
      }
    }
  }
  check(
      !boxes.empty(), "{} is no run folder with training data: it has no data/NAME", run.string());
  std::ranges::sort(boxes);
  return boxes;
}

Contamination find_contamination(const std::map<std::string, const QuestionSet*>& sets,
                                 const std::vector<fs::path>& boxes) {
  Contamination result{.boxes = boxes};
  synth::RunSearch search;
  std::vector<std::pair<std::string, std::string>> questions;  // task and id, beside the texts
  for (const auto& [task, set] : sets) {
    for (const Question& question : set->questions) {
      const bool is_passage = question.requests.front().asked == Asked::kPassage;
      search.add(is_passage ? question.requests.front().continuation : question.shown);
      questions.emplace_back(task, question.id);
    }
  }
  for (const fs::path& box : boxes) {
    const data::DocumentStore store(box);
    for (std::int64_t i = 0; i < store.size(); ++i) {
      throw_if_stopped();
      for (const std::string& text : synth::texts_of(store[i])) {
        search.look_at(text);
      }
    }
    result.documents += store.size();
  }
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (search.found()[i]) {
      result.found[questions[i].first].insert(questions[i].second);
    }
  }
  return result;
}

}  // namespace rq::eval
