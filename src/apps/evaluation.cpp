// Options of `eval` and `compare`.

#include "apps/evaluation.h"

#include <filesystem>
#include <functional>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "apps/cache_folder.h"
#include "apps/enum_option.h"
#include "base/check.h"
#include "base/files.h"
#include "eval/evaluate_models.h"
#include "eval/tables/contamination.h"

namespace rq {
namespace fs = std::filesystem;

fs::path evaluation_data_folder() {
  return cache_folder() / "evaluation";
}

void add_evaluation_options(CLI::App& verb, EvaluationOptions& options) {
  verb.add_option("--tasks", options.tasks, "Names of tasks, or .toml files")->delimiter(',');
  verb.add_option("--judge",
                  options.judge,
                  "Who marks the answers to tasks that need a judge: a folder, or chat:MODEL@URL");
  verb.add_option("--data",
                  options.data,
                  "The folder that holds the tasks' data; what `eval fetch` brought if not given");
  verb.add_option("--limit", options.limit, "Only so many questions of a task, evenly spread")
      ->check(CLI::PositiveNumber);
  verb.add_option("--set", options.overrides, "Sets a key of every task: --set shots.count=0")
      ->allow_extra_args(false);
  verb.add_option_function<std::string>(
      "--form",
      [&options](const std::string& name) {
        options.form = enum_option<eval::Form>("--form", name);
      },
      "text or chat, in place of what the tasks say");
  verb.add_flag("--begin-token",
                options.has_begin_token,
                "Put the model's begin token before each text, for models in folders");
  verb.add_option("--output", options.output, "Folder of the records")->capture_default_str();
  verb.add_option("--table", options.tables, "Also writes the table: .md, .tex, .html or .json")
      ->allow_extra_args(false);
  verb.add_option("--contamination",
                  options.contamination,
                  "A run: tells how many questions share 13 words in a row with its data boxes");
  verb.add_option(
      "--replay", options.replay, "Makes the table of the records in this folder again");
  verb.add_option("--key-variable",
                  options.endpoint.key_variable,
                  "Environment variable that holds the endpoints' key");
  verb.add_option(
          "--concurrency", options.endpoint.concurrency, "Requests in flight to an endpoint")
      ->capture_default_str();
  verb.add_option("--retries", options.endpoint.retries, "Of a request to an endpoint")
      ->capture_default_str();
  verb.add_option("--timeout", options.endpoint.timeout_s, "Seconds, of a request to an endpoint")
      ->capture_default_str();
}

eval::EvaluationResult evaluate_models(const EvaluationOptions& options) {
  if (!options.replay.empty()) {
    return eval::replay_evaluation(options.replay);
  }
  eval::EvaluationOrder order{
      .models = eval::read_evaluated_models(options.models),
      .data = options.data.empty() ? evaluation_data_folder() : options.data,
      .output = options.output,
      .limit = options.limit,
      .form = options.form,
      .has_begin_token = options.has_begin_token,
      .endpoint = options.endpoint};
  if (!options.judge.empty()) {
    order.judge = eval::read_judge(options.judge);
  }
  if (!options.contamination.empty()) {
    order.training = eval::boxes_of_run(options.contamination);
  }
  for (const std::string& name : options.tasks) {
    order.tasks.push_back(eval::load_task(name, options.overrides));
  }
  return eval::evaluate_models(order);
}

void put_out(const EvaluationOptions& options,
             const std::function<std::string(eval::Output)>& text_in) {
  std::cout << text_in(eval::Output::kTerminal);
  for (const std::string& file : options.tables) {
    write_file(file, text_in(eval::output_of(file)));
  }
}

}  // namespace rq
