#include "eval/tables/cell.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"

namespace rq::eval {
namespace {

double unit_of(const TaskConfig& config) {
  return config.kind == TaskKind::kPerplexity ? 1 : 100;
}

void scale(Estimate& estimate, double unit) {
  estimate.mean *= unit;
  estimate.interval.low *= unit;
  estimate.interval.high *= unit;
}

void count_replies(const RecordLine& line, Cell& cell) {
  bool is_shortened = false;
  for (const Reply& reply : line.replies) {
    cell.cut += reply.is_cut ? 1 : 0;
    is_shortened |= reply.is_shortened;
    cell.mean_tokens += static_cast<double>(reply.tokens);
    ++cell.replies;
  }
  cell.shortened += is_shortened ? 1 : 0;
  cell.without_answer += line.mark.without_answer;
}

bool is_right(const Json& right, int place) {
  return right.is_array() ? std::ranges::find(right, Json(place)) != right.end() : right == place;
}

// In percent, by each norm.
std::vector<double> values_by_norm(const Record& record, std::int64_t questions) {
  std::vector<double> values(enum_names(Norm{}).size(), 0);
  for (const RecordLine& line : record.lines) {
    for (std::size_t norm = 0; norm < line.mark.chosen.size() && line.is_answered(); ++norm) {
      const int place = line.mark.chosen[norm];
      values.at(norm) += place < 0 ? -1 : is_right(line.right, place) ? 1 : 0;
    }
  }
  for (double& value : values) {
    value *= 100 / static_cast<double>(questions);
  }
  return values;
}

// Of one answer each, not of two that are compared.
std::map<std::string, double> verdicts_of(const Record& record, const JudgeSettings& judge) {
  std::map<std::string, double> verdicts;
  double judged = 0;
  for (const RecordLine& line : record.lines) {
    for (const std::string& note : line.mark.notes) {
      if (judge.against.empty() && judge.worth.contains(note)) {
        ++verdicts[note];
        ++judged;
      }
    }
  }
  for (auto& [verdict, share] : verdicts) {
    share *= 100 / judged;
  }
  return verdicts;
}

}  // namespace

TaskConfig config_of(const Making& making) {
  return read_config<TaskConfig>(from_json(making.config, "the record's config"), "");
}

std::string metric_of(const TaskConfig& config) {
  if (config.kind == TaskKind::kPerplexity) {
    return "BPB";
  }
  if (config.kind == TaskKind::kChoice) {
    return config.choice.norm == Norm::kRaw ? "acc"
                                            : fmt::format("acc {}", enum_name(config.choice.norm));
  }
  switch (config.answer.compare) {
    case Compare::kWordOverlap:
      return "F1";
    case Compare::kProblem:
    case Compare::kProgram:
      return fmt::format("Pass@{}", config.sampling.pass_at);
    case Compare::kJudge:
      return !config.judge.against.empty() ? "win rate"
             : config.judge.worth.empty()  ? "judged score"
                                           : "judged right";
    case Compare::kInstructions:
      return "prompt strict";
    case Compare::kMathematics:
      return config.sampling.samples == 1 ? "EM" : fmt::format("Pass@{}", config.sampling.pass_at);
    default:
      return "EM";
  }
}

bool is_loss(const TaskConfig& config) {
  return config.kind == TaskKind::kPerplexity;
}

std::vector<std::pair<std::string, Measured>> measured_of(const Record& record) {
  const double unit = unit_of(config_of(record.making));
  std::vector<std::pair<std::string, Measured>> measured;
  for (const RecordLine& line : record.lines) {
    if (line.is_measured()) {
      measured.emplace_back(line.id,
                            Measured{.value = unit * line.mark.score,
                                     .weight = line.mark.weight,
                                     .cluster = line.cluster,
                                     .group = line.group});
    }
  }
  return measured;
}

Cell cell_of(const Record& record) {
  const TaskConfig config = config_of(record.making);
  Cell cell{.rows = record.making.rows, .making = record.making};
  std::vector<Measured> values;
  for (const RecordLine& line : record.lines) {
    if (line.is_answered()) {
      count_replies(line, cell);
      if (line.is_measured()) {
        values.push_back({line.mark.score, line.mark.weight, line.cluster, line.group});
      } else {
        ++cell.unjudged;
        cell.why_unjudged = cell.why_unjudged.empty() ? line.mark.unjudged : cell.why_unjudged;
      }
    } else {
      ++cell.unanswered;
      const auto failed = std::ranges::find_if(
          line.replies, [](const Reply& reply) { return !reply.failure.empty(); });
      cell.why_unanswered = cell.why_unanswered.empty() ? failed->failure : cell.why_unanswered;
    }
  }
  cell.questions = std::ssize(values);
  if (!record.making.contamination.is_null()) {
    cell.in_training = std::ranges::count_if(record.lines, &RecordLine::is_in_training);
  }
  if (values.empty()) {
    return cell;
  }
  cell.estimate = estimate(values, config.score.average);
  scale(*cell.estimate, unit_of(config));
  cell.value = cell.estimate->mean;
  cell.mean_tokens /= static_cast<double>(std::max<std::int64_t>(cell.replies, 1));
  if (config.kind == TaskKind::kChoice) {
    cell.by_norm = values_by_norm(record, cell.questions);
  }
  cell.verdicts = verdicts_of(record, config.judge);
  if (config.kind != TaskKind::kGeneration) {
    cell.replies = 0;
    cell.mean_tokens = 0;
  }
  return cell;
}

std::optional<Difference> difference_of(const Record& a, const Record& b) {
  check(
      a.making.task_digest == b.making.task_digest && a.making.data_digest == b.making.data_digest,
      "{} and {} were not asked the same: their records of {} differ in task or data",
      a.making.model,
      b.making.model,
      a.making.task);
  check(a.making.judge_digest() == b.making.judge_digest(),
        "{} and {} had different judges: their records of {} are not to be compared",
        a.making.model,
        b.making.model,
        a.making.task);
  std::map<std::string, Measured> others;
  for (auto& [id, measured] : measured_of(b)) {
    others.emplace(id, std::move(measured));
  }
  std::vector<Measured> ours, theirs;
  Difference result;
  const bool is_less_better = is_loss(config_of(a.making));
  for (auto& [id, measured] : measured_of(a)) {
    const auto found = others.find(id);
    if (found != others.end()) {
      const double gain = (measured.value - found->second.value) * (is_less_better ? -1 : 1);
      result.only_a += gain > 0 ? 1 : 0;
      result.only_b += gain < 0 ? 1 : 0;
      ours.push_back(std::move(measured));
      theirs.push_back(found->second);
    }
  }
  if (ours.empty()) {
    return std::nullopt;
  }
  const Average average = config_of(a.making).score.average;
  result.questions = std::ssize(ours);
  result.difference = estimate_difference(ours, theirs, average);
  result.a = estimate(ours, average).mean;
  result.b = estimate(theirs, average).mean;
  return result;
}

}  // namespace rq::eval
