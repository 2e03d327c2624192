#pragma once
// What `eval` and `compare` share: models and tasks from the command line, put to each other.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "eval/evaluate_models.h"
#include "eval/tables/output.h"
#include "eval/tables/task.h"
#include "synth/endpoint.h"

namespace CLI {
class App;
}

namespace rq {

struct EvaluationOptions {
  std::vector<std::string> models;  // as written
  std::vector<std::string> tasks;
  std::string judge;                   // as written; empty: none
  std::vector<std::string> overrides;  // of every task: "shots.count=0"
  std::filesystem::path data;          // the folder of all data; empty: what `eval fetch` brought
  std::filesystem::path output = "evaluation";
  std::vector<std::string> tables;      // files to write the table to
  std::filesystem::path contamination;  // a run in whose training data questions are looked for
  std::filesystem::path replay;         // a folder of records; empty: the models are asked
  std::int64_t limit = 0;
  std::optional<eval::Form> form = {};
  bool has_begin_token = false;
  synth::EndpointConfig endpoint = {};  // of all endpoints, but for address and model
};

// All options but the models.
void add_evaluation_options(CLI::App& verb, EvaluationOptions& options);

// Asks, or reads the records of `replay`.
eval::EvaluationResult evaluate_models(const EvaluationOptions& options);

// Prints the text for the terminal, and writes to each file that of the form its name asks for.
void put_out(const EvaluationOptions& options,
             const std::function<std::string(eval::Output)>& text_in);

// Where `eval fetch` puts data sets.
std::filesystem::path evaluation_data_folder();

}  // namespace rq
