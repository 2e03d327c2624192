#include "eval/tables/remarks.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/config.h"
#include "base/format.h"

namespace rq::eval {
namespace {

constexpr std::size_t kDigestDigits = 12;

std::string sampling_of(const TaskConfig& config) {
  const SamplingSettings& sampling = config.sampling;
  if (config.kind != TaskKind::kGeneration) {
    return "log-likelihood";
  }
  std::string text = sampling.temperature == 0
                         ? std::string("greedy")
                         : fmt::format("temperature {}, top-p {}, seed {}, {} samples",
                                       sampling.temperature,
                                       sampling.top_p,
                                       sampling.seed,
                                       sampling.samples);
  return text + fmt::format(", {} tokens at most, {} compared by {}",
                            sampling.max_tokens,
                            enum_name(config.answer.extract),
                            enum_name(config.answer.compare));
}

std::string judge_of(const Making& making) {
  return making.judge.is_null() ? ""
                                : fmt::format("; judge {} {}, {}",
                                              making.judge.value("model", ""),
                                              making.judge_digest().substr(0, kDigestDigits),
                                              making.judge.value("engine", ""));
}

std::string making_line(const TableRow& row, const TableColumn& column, const Cell& cell) {
  const Making& making = *cell.making;
  const TaskConfig config = config_of(making);
  std::string shots =
      config.shots.count == 0
          ? std::string("no shots")
          : fmt::format("{} shots, {}", config.shots.count, enum_name(config.shots.select));
  if (config.shots.count > 0 && config.shots.select == Select::kDrawn) {
    shots += fmt::format(" by seed {}", config.shots.seed);
  }
  return fmt::format("{} / {}: task {} {}, data {}, {}, {}, {}; model {}, {}",
                     row.title,
                     column.name,
                     making.task,
                     making.task_digest.substr(0, kDigestDigits),
                     making.data_digest.substr(0, kDigestDigits),
                     shots,
                     enum_name(making.form),
                     sampling_of(config),
                     making.identity.value("digest", "").substr(0, kDigestDigits),
                     making.engine) +
         judge_of(making);
}

}  // namespace

std::vector<std::string> remarks_of(const Table& table) {
  std::vector<std::string> remarks = {
      "±: half the width of the 95 % interval. Best of a row: bold; at the same level, no more "
      "than "
      "0.3 points behind (0.003 bits a byte): =."};
  bool has_unusual = false;
  std::vector<std::pair<std::string, std::string>> published;  // sources, and whose figures
  for (const TableColumn& column : table.columns) {
    if (!column.source.empty()) {
      if (published.empty() || published.back().first != column.source) {
        published.emplace_back(column.source, column.name);
      } else {
        published.back().second += ", " + column.name;
      }
    }
  }
  for (const auto& [source, names] : published) {
    remarks.push_back(fmt::format("{}: published, not measured here ({}).", names, source));
  }
  table.for_each_measured([&](const TableRow& row, const TableColumn& column, const Cell& cell) {
    const std::string at = fmt::format("{}, {}", row.title, column.name);
    has_unusual |= cell.is_unusual();
    if (!cell.refusal.empty()) {
      remarks.push_back(fmt::format("{}: not asked; {}.", at, cell.refusal));
    }
    const auto note = [&](std::string_view what, std::int64_t count, const std::string& why) {
      if (count > 0) {
        remarks.push_back(fmt::format("{}: {}, and not counted: {} of {} questions; the first: {}.",
                                      at,
                                      what,
                                      count,
                                      cell.asked(),
                                      why));
      }
    };
    note("not answered", cell.unanswered, cell.why_unanswered);
    note("answered, but not judged", cell.unjudged, cell.why_unjudged);
  });
  table.for_each_measured([&](const TableRow& row, const TableColumn& column, const Cell& cell) {
    if (cell.in_training) {
      const Json& looked = cell.making->contamination;
      remarks.push_back(fmt::format(
          "{}, {}: {} questions share {} words in a row with one of {} training documents.",
          row.title,
          column.name,
          *cell.in_training,
          looked.value("words", 0),
          looked.value("documents", std::int64_t{0})));
    }
  });
  if (has_unusual) {
    remarks.emplace_back(
        "°: a part of the questions, or answers that were cut, held no answer, did not come, or "
        "were "
        "not judged: see the second table.");
  }
  return remarks;
}

std::vector<std::string> making_of(const Table& table) {
  std::vector<std::string> lines;
  table.for_each_measured([&](const TableRow& row, const TableColumn& column, const Cell& cell) {
    if (cell.making) {
      lines.push_back(making_line(row, column, cell));
    }
  });
  return lines;
}

}  // namespace rq::eval
