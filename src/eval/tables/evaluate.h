#pragma once
// One task put to one model: what its record does not hold yet is asked, all is marked, and the
// record is written.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "eval/tables/contamination.h"
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

// Throws Interrupted where a stop was requested; the same call then goes on with what is missing.
Record evaluate(const Evaluation& evaluation, Subject& subject, const EvaluationReport& report);

}  // namespace rq::eval
