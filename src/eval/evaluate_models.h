#pragma once
// Models and tasks put to each other: each answer is kept in a folder of records, from which the
// same call goes on where it was stopped, and the table can be made again.
//
//   FOLDER/evaluation.json             models and tasks in their order, and what was refused
//   FOLDER/MODEL/TASK-DIGEST.jsonl     the record of one task with one model

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "eval/evaluated_model.h"
#include "eval/tables/board.h"
#include "eval/tables/record.h"
#include "eval/tables/task.h"
#include "synth/endpoint.h"

namespace rq::eval {

struct EvaluationOrder {
  std::vector<EvaluatedModel> models = {};
  std::vector<Task> tasks = {};       // none: the rows of what is published
  std::filesystem::path data = {};    // the folder of all data
  std::filesystem::path output = {};  // of the records
  std::int64_t limit = 0;             // questions of a task, evenly spread; 0: all
  std::optional<Form> form = {};      // in place of what the tasks say
  bool has_begin_token = false;
  std::optional<EvaluatedModel> judge = {};          // of the answers to tasks that need one
  std::vector<std::filesystem::path> training = {};  // data boxes in which questions are looked for
  synth::EndpointConfig endpoint = {};               // of all endpoints, but for address and model
  // Told of the tokens of replies that came just now, of the judge's too.
  std::function<void(const EvaluatedModel& model, std::int64_t tokens)> on_tokens =
      [](const EvaluatedModel&, std::int64_t) {};
};

struct EvaluationResult {
  Board board;
  std::vector<Record> records;  // by model, in it by task
};

// As the command line or a recipe names them. An Error where two have the same name.
std::vector<EvaluatedModel> read_evaluated_models(const std::vector<std::string>& texts);

// An Error where the task's answers are marked by a judge and there is none.
void check_judged(const Task& task, bool has_judge);

// A progress bar tells how far it is. Throws Interrupted where a stop was requested.
EvaluationResult evaluate_models(const EvaluationOrder& order);

// What the records in a folder tell, without any model.
EvaluationResult replay_evaluation(const std::filesystem::path& folder);

}  // namespace rq::eval
