#include "eval/tables/board.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "eval/tables/task.h"

namespace rq::eval {
namespace {

void describe(TableRow& row, const TaskConfig& config) {
  row.title = config.title;
  row.section = config.section;
  row.metric = metric_of(config);
  row.shots = config.shots.count;
  row.is_loss = is_loss(config);
}

}  // namespace

void Board::add_model(const std::string& name) {
  if (std::ranges::find(columns_, name, &Column::name) == columns_.end()) {
    columns_.push_back({.name = name});
  }
}

void Board::add_published(const PublishedColumn& column) {
  columns_.push_back({.name = column.model, .published = &column.table});
}

void Board::add_task(const std::string& name) {
  if (std::ranges::find(tasks_, name) == tasks_.end()) {
    tasks_.push_back(name);
  }
}

void Board::add(const Record& record) {
  add_model(record.making.model);
  add_task(record.making.task);
  cells_[{record.making.model, record.making.task}] = cell_of(record);
}

void Board::refuse(const std::string& model, const std::string& task, std::string why) {
  cells_[{model, task}] = {.refusal = std::move(why)};
}

TableRow Board::row_of(const std::string& task) const {
  TableRow row{.task = task, .title = task};
  for (const auto& [place, cell] : cells_) {
    if (place.second == task && cell.making) {
      describe(row, config_of(*cell.making));
      return row;
    }
  }
  for (const Column& column : columns_) {
    const PublishedRow* const known =
        column.published == nullptr ? nullptr : column.published->find(task);
    if (known != nullptr) {
      row.title = known->title;
      row.section = known->section;
      row.metric = known->metric;
      row.shots = known->shots;
      row.is_loss = known->metric == "BPB";
      return row;
    }
  }
  const std::vector<std::string> names = task_names();
  if (std::ranges::find(names, task) != names.end()) {
    describe(row, load_task(task).config);
  }
  return row;
}

Table Board::table() const {
  Table table;
  for (const Column& column : columns_) {
    table.columns.push_back(
        {.name = column.name,
         .source = column.published == nullptr ? "" : column.published->source});
  }
  for (const std::string& task : tasks_) {
    TableRow row = row_of(task);
    for (const Column& column : columns_) {
      std::optional<Cell>& cell = row.cells.emplace_back();
      if (column.published != nullptr) {
        const PublishedRow* const known = column.published->find(task);
        const auto value = known == nullptr ? std::map<std::string, double>::const_iterator()
                                            : known->values.find(column.name);
        if (known != nullptr && value != known->values.end()) {
          cell = Cell{.is_published = true, .value = value->second};
        }
      } else if (const auto found = cells_.find({column.name, task}); found != cells_.end()) {
        cell = found->second;
      }
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Comparison compare_records(const std::vector<Record>& records,
                           const std::string& a,
                           const std::string& b) {
  Comparison comparison{.a = a, .b = b};
  for (const Record& record : records) {
    const auto other = std::ranges::find_if(records, [&](const Record& candidate) {
      return candidate.making.model == b && candidate.making.task == record.making.task;
    });
    if (record.making.model != a || other == records.end()) {
      continue;
    }
    if (const auto difference = difference_of(record, *other)) {
      const TaskConfig config = config_of(record.making);
      comparison.rows.push_back({.title = config.title,
                                 .metric = metric_of(config),
                                 .is_loss = is_loss(config),
                                 .difference = *difference});
    }
  }
  return comparison;
}

std::vector<Comparison> compare_all(const std::vector<Record>& records) {
  std::vector<std::string> models;
  for (const Record& record : records) {
    if (std::ranges::find(models, record.making.model) == models.end()) {
      models.push_back(record.making.model);
    }
  }
  std::vector<Comparison> all;
  for (std::size_t a = 0; a < models.size(); ++a) {
    for (std::size_t b = a + 1; b < models.size(); ++b) {
      Comparison comparison = compare_records(records, models[a], models[b]);
      if (!comparison.rows.empty()) {
        all.push_back(std::move(comparison));
      }
    }
  }
  return all;
}

Table table_of(const std::vector<Record>& records) {
  Board board;
  for (const Record& record : records) {
    board.add(record);
  }
  return board.table();
}

}  // namespace rq::eval
