#include "eval/tables/table.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/config.h"
#include "base/format.h"

namespace rq::eval {
namespace {

constexpr double kSameLevelOfLoss = 0.003;  // bits a byte

bool has_value(const std::optional<Cell>& cell) {
  return cell && cell->refusal.empty() && (cell->is_published || cell->estimate);
}

// As it is shown: ties are ties of what a reader sees.
double shown(double value, bool is_loss) {
  const double scale = is_loss ? 1000 : 10;
  return std::round(value * scale) / scale;
}

std::string number(double value, bool is_loss) {
  return is_loss ? fmt::format("{:.3f}", value) : fmt::format("{:.1f}", value);
}

double half_width(const Interval& interval) {
  return (interval.high - interval.low) / 2;
}

std::string text_of(const std::optional<Cell>& cell, bool is_loss) {
  if (!cell) {
    return "";
  }
  if (!has_value(cell)) {
    return "—";
  }
  std::string text = number(cell->value, is_loss);
  if (cell->estimate) {
    text += fmt::format(" ± {}", number(half_width(cell->estimate->interval), is_loss));
  }
  return text + (cell->is_published ? "" : cell->is_unusual() ? " °" : "");
}

std::string percent_of(std::int64_t count, std::int64_t all) {
  return all == 0 ? ""
                  : fmt::format("{:.1f} %",
                                100.0 * static_cast<double>(count) / static_cast<double>(all));
}

std::string label_of(const TableRow& row) {
  return row.shots > 0 ? fmt::format("{}, {}-shot", row.title, row.shots) : row.title;
}

// How a choice or a judge decided.
std::string decisions_of(const Cell& cell) {
  std::string text;
  const auto add = [&](std::string_view name, double share) {
    text += fmt::format("{}{} {:.1f}", text.empty() ? "" : ", ", name, share);
  };
  for (std::size_t i = 0; i < cell.by_norm.size(); ++i) {
    if (cell.by_norm[i] >= 0) {
      add(enum_names(Norm{})[i].second, cell.by_norm[i]);
    }
  }
  for (const auto& [verdict, share] : cell.verdicts) {
    add(verdict, share);
  }
  return text;
}

}  // namespace

std::vector<Standing> standings_of(const TableRow& row) {
  std::vector<Standing> standings(row.cells.size(), Standing::kNone);
  std::optional<double> best;
  const double sign = row.is_loss ? -1 : 1;
  const auto value = [&](std::size_t i) { return sign * shown(row.cells[i]->value, row.is_loss); };
  std::size_t count = 0;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (has_value(row.cells[i])) {
      best = std::max(best.value_or(value(i)), value(i));
      ++count;
    }
  }
  const double level = row.is_loss ? kSameLevelOfLoss : kSameLevel;
  for (std::size_t i = 0; i < row.cells.size() && count > 1; ++i) {
    if (has_value(row.cells[i])) {
      const double gap = *best - value(i);
      standings[i] = gap == 0              ? Standing::kBest
                     : gap <= level + 1e-9 ? Standing::kLevel
                                           : Standing::kNone;
    }
  }
  return standings;
}

Grid score_grid(const Table& table) {
  Grid grid{.head = {"", "metric"}};
  for (const TableColumn& column : table.columns) {
    grid.head.push_back(column.source.empty() ? column.name : column.name + " (published)");
  }
  std::string section;
  for (const TableRow& row : table.rows) {
    Grid::Row line{.section = row.section == section ? "" : row.section};
    section = row.section;
    line.cells = {{label_of(row)}, {row.metric}};
    const std::vector<Standing> standings = standings_of(row);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      line.cells.push_back({text_of(row.cells[i], row.is_loss), standings[i]});
    }
    grid.rows.push_back(std::move(line));
  }
  return grid;
}

Grid detail_grid(const Table& table) {
  Grid grid{.head = {"task",
                     "model",
                     "value",
                     "95 % interval",
                     "by",
                     "questions",
                     "of",
                     "tokens",
                     "cut",
                     "no answer",
                     "shortened",
                     "unanswered",
                     "unjudged",
                     "in training",
                     "by norm or verdict"}};
  table.for_each_measured([&](const TableRow& row, const TableColumn& column, const Cell& cell) {
    if (!has_value(cell)) {
      return;
    }
    const auto count = [](std::int64_t value) { return value == 0 ? "" : std::to_string(value); };
    const Interval& interval = cell.estimate->interval;
    const auto bounds = fmt::format(
        "{} to {}", number(interval.low, row.is_loss), number(interval.high, row.is_loss));
    grid.rows.push_back(
        {.cells = {{row.title},
                   {column.name},
                   {number(cell.value, row.is_loss)},
                   {bounds},
                   {std::string(enum_name(cell.estimate->method))},
                   {std::to_string(cell.questions)},
                   {std::to_string(cell.rows)},
                   {cell.replies == 0 ? "" : fmt::format("{:.1f}", cell.mean_tokens)},
                   {percent_of(cell.cut, cell.replies)},
                   {percent_of(cell.without_answer, cell.replies)},
                   {count(cell.shortened)},
                   {count(cell.unanswered)},
                   {count(cell.unjudged)},
                   {cell.in_training ? fmt::format("{:.1f} %",
                                                   100.0 * static_cast<double>(*cell.in_training) /
                                                       static_cast<double>(cell.asked()))
                                     : ""},
                   {decisions_of(cell)}}});
  });
  return grid;
}

std::string verdict_of(const Comparison& comparison, const Comparison::Row& row) {
  const Estimate& difference = row.difference.difference;
  const double level = row.is_loss ? kSameLevelOfLoss : kSameLevel;
  if (std::abs(difference.mean) <= level) {
    return "same level";
  }
  if (difference.interval.low <= 0 && difference.interval.high >= 0) {
    return "not told apart";
  }
  const bool is_a = (difference.mean > 0) != row.is_loss;
  return fmt::format("{} is better", is_a ? comparison.a : comparison.b);
}

Grid grid_of(const Comparison& comparison) {
  Grid grid{.head = {"",
                     "metric",
                     "questions",
                     comparison.a,
                     comparison.b,
                     "difference",
                     "95 % interval",
                     fmt::format("{} / {} alone", comparison.a, comparison.b),
                     ""}};
  for (const Comparison::Row& row : comparison.rows) {
    const Difference& difference = row.difference;
    const Interval& interval = difference.difference.interval;
    const auto signed_number = [&](double value) {
      return (value > 0 ? "+" : "") + number(value, row.is_loss);
    };
    grid.rows.push_back(
        {.cells = {
             {row.title},
             {row.metric},
             {std::to_string(difference.questions)},
             {number(difference.a, row.is_loss)},
             {number(difference.b, row.is_loss)},
             {signed_number(difference.difference.mean)},
             {fmt::format("{} to {}", signed_number(interval.low), signed_number(interval.high))},
             {fmt::format("{} / {}", difference.only_a, difference.only_b)},
             {verdict_of(comparison, row)}}});
  }
  return grid;
}

}  // namespace rq::eval
