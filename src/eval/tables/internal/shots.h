#pragma once
// The worked examples before a question.

#include <map>
#include <string>
#include <vector>

#include "data/rows.h"
#include "eval/tables/internal/compiled_task.h"
#include "eval/tables/internal/task_rows.h"

namespace rq::eval {

class Shots {
 public:
  struct Shot {
    std::string question, answer;
  };

  // Those of `rows`, the task's own, or what the task reads for them.
  Shots(const Task& task,
        const CompiledTask& compiled,
        TaskRows& reader,
        const std::vector<data::Row>& rows);

  // Never the row itself. An Error where there are too few.
  std::vector<const Shot*> of(const data::Row& row) const;

 private:
  struct Placed {
    std::string origin;
    Shot shot;
  };
  const ShotSettings& settings_;
  const CompiledTask& compiled_;
  bool is_own_ = false;
  std::map<std::string, std::vector<Placed>> by_group_;
};

}  // namespace rq::eval
