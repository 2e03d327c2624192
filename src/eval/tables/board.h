#pragma once
// Records and published figures put together to a table.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "eval/tables/published.h"
#include "eval/tables/record.h"
#include "eval/tables/table.h"

namespace rq::eval {

class Board {
 public:
  // Columns and rows stand in the order in which they are added. A row of a task is the first
  // record's, or the task file's, or that of the published table.
  void add_model(const std::string& name);
  void add_published(const PublishedColumn& column);
  void add_task(const std::string& name);

  void add(const Record& record);
  void refuse(const std::string& model, const std::string& task, std::string why);

  Table table() const;

 private:
  struct Column {
    std::string name;
    const PublishedTable* published = nullptr;  // null: measured
  };
  TableRow row_of(const std::string& task) const;

  std::vector<Column> columns_;
  std::vector<std::string> tasks_;
  std::map<std::pair<std::string, std::string>, Cell> cells_;  // by model and task
};

// What two models gave to the tasks that both answered; without rows where there is none.
Comparison compare_records(const std::vector<Record>& records,
                           const std::string& a,
                           const std::string& b);

// Each two of the models, in the order of the records, that have a task in common.
std::vector<Comparison> compare_all(const std::vector<Record>& records);

// The table of records alone, in their order.
Table table_of(const std::vector<Record>& records);

}  // namespace rq::eval
