#pragma once
// One task put to one model, in stages: what its record does not hold yet is asked, a judge is
// asked about the answers where the task has one, all is marked, and the record is written.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "eval/tables/contamination.h"
#include "eval/tables/marking.h"
#include "eval/tables/record.h"
#include "eval/tables/subject.h"
#include "eval/tables/task.h"

namespace rq::eval {

struct Evaluation {
  const Task& task;
  const QuestionSet& set;
  Form form = Form::kText;
  std::string model = {};                        // its name in the table
  std::filesystem::path record;                  // the file to write
  const Contamination* contamination = nullptr;  // null: training data were not looked through
};

// How many replies there are, of all; how many of them were known before; and the tokens of the
// others.
struct EvaluationState {
  std::int64_t done = 0, all = 0, known = 0;
  std::int64_t tokens = 0;
};
using EvaluationReport = std::function<void(const EvaluationState& state)>;

// Why the subject cannot be asked what the task asks; empty where it can.
std::string refusal_of(const Subject& subject, const Task& task, Form form);

// Throws Interrupted where a stop was requested: another one of the same evaluation then goes on
// with what is missing.
class Examination {
 public:
  // What it refers to must outlive it. An Error where the task cannot be marked.
  explicit Examination(const Evaluation& evaluation);

  void ask(Subject& subject, const EvaluationReport& report);
  // Of a task that needs a judge, once all was asked. `name` is the judge's.
  void judge(const std::string& name, Subject& judge, const EvaluationReport& report);
  // Marks all and writes the record.
  Record finish();

 private:
  const Evaluation evaluation_;
  const Marker marker_;
  ReplyLog log_;
  Record record_;
};

}  // namespace rq::eval
