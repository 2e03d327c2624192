#pragma once
// The table of an evaluation, a column a model, a row a task, and its grids: the scores, what each
// of them rests on, and how two models differ.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "eval/tables/cell.h"

namespace rq::eval {

struct TableColumn {
  std::string name = {};
  std::string source = {};  // of published figures, where they were said; empty: measured here
};

struct TableRow {
  std::string task = {};
  std::string title = {}, section = {}, metric = {};
  std::int64_t shots = 0;
  bool is_loss = false;                         // less is better
  std::vector<std::optional<Cell>> cells = {};  // beside the columns
};

struct Table {
  std::vector<TableColumn> columns = {};
  std::vector<TableRow> rows = {};

  // visit(row, column, cell) of each that is measured here, or refused.
  template <typename Visit>
  void for_each_measured(Visit&& visit) const {
    for (const TableRow& row : rows) {
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        if (row.cells[i] && !row.cells[i]->is_published) {
          visit(row, columns[i], *row.cells[i]);
        }
      }
    }
  }
};

// Which columns of a row hold its best figure, and which are at the same level with it: no more
// than 0.3 points behind (bits a byte: 0.003).
enum class Standing { kNone, kBest, kLevel };
std::vector<Standing> standings_of(const TableRow& row);

// What all forms of output show.
struct GridCell {
  std::string text = {};
  Standing standing = Standing::kNone;
};
struct Grid {
  std::vector<std::string> head = {};
  struct Row {
    std::string section = {};  // a new one begins with it; empty: none does
    std::vector<GridCell> cells = {};
  };
  std::vector<Row> rows = {};
};
Grid score_grid(const Table& table);
Grid detail_grid(const Table& table);

// A table of what two models gave, task by task, with the difference between them.
struct Comparison {
  std::string a = {}, b = {};  // the models
  struct Row {
    std::string title = {}, metric = {};
    bool is_loss = false;
    Difference difference = {};
  };
  std::vector<Row> rows = {};
};
// "A is better", "same level": what a difference says.
std::string verdict_of(const Comparison& comparison, const Comparison::Row& row);
Grid grid_of(const Comparison& comparison);

}  // namespace rq::eval
