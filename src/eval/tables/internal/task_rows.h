#pragma once
// The rows of a task, with all members that it gives them.

#include <filesystem>
#include <string>
#include <vector>

#include "base/check.h"
#include "data/rows.h"
#include "eval/tables/internal/compiled_task.h"

namespace rq::eval {

// Errors of templates say which row they met.
template <typename Work>
auto at_row(const data::Row& row, Work&& work) {
  try {
    return work();
  } catch (const MachineError&) {
    throw;
  } catch (const Error& error) {
    fail("{}: {}", row.origin, error.what());
  }
}

class TaskRows {
 public:
  TaskRows(const Task& task, const CompiledTask& compiled, const std::filesystem::path& folder)
      : task_(task), compiled_(compiled), folder_(folder) {}

  // Those for which `where` holds; each must have the members that it `needs`.
  std::vector<data::Row> read(const data::RowSource& source,
                              const Expression& where,
                              const std::vector<std::string>& needs);

  // The task's own of its files, joined with those of data.join.
  std::vector<data::Row> own() const;

  // The same as read() of rows that are there.
  std::vector<data::Row> keep(std::vector<data::Row> all,
                              const Expression& where,
                              const std::vector<std::string>& needs);

  // Of all that was read.
  std::string digest() const;

 private:
  void extend(Json& members) const;

  const Task& task_;
  const CompiledTask& compiled_;
  std::filesystem::path folder_;
  std::string digests_;  // of what is hashed in the end
};

}  // namespace rq::eval
