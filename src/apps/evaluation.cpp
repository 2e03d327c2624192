// Models and tasks of `eval` and `compare`: asks, keeps the records, and reads them again.

#include "apps/evaluation.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/cache_folder.h"
#include "apps/enum_option.h"
#include "apps/evaluated_model.h"
#include "apps/evaluation_plan.h"
#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "eval/tables/evaluate.h"
#include "eval/tables/published.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigestDigits = 8;

// A name as a folder can have it.
std::string as_file_name(std::string name) {
  std::ranges::replace_if(name, [](char c) { return c == '/' || c == '\\' || c == ':'; }, '+');
  return name;
}

std::vector<EvaluatedModel> read_models(const std::vector<std::string>& texts) {
  std::vector<EvaluatedModel> models;
  for (const std::string& text : texts) {
    EvaluatedModel model = read_evaluated_model(text);
    const auto same = std::ranges::find(models, model.name, &EvaluatedModel::name);
    check(same == models.end(),
          "two models are called {}; give one another name: OTHER={}",
          model.name,
          text);
    models.push_back(std::move(model));
  }
  return models;
}

void add_columns(const std::vector<EvaluatedModel>& models, eval::Board& board) {
  for (const EvaluatedModel& model : models) {
    if (model.kind != ModelKind::kPublished) {
      board.add_model(model.name);
      continue;
    }
    for (const eval::PublishedColumn& column : eval::published_columns(model.where)) {
      board.add_published(column);
    }
  }
}

// Without tasks: the rows of what is published, which need none.
std::vector<std::string> task_list(const EvaluationOptions& options,
                                   const std::vector<EvaluatedModel>& models) {
  std::vector<std::string> tasks = options.tasks;
  for (const EvaluatedModel& model : models) {
    check(!options.tasks.empty() || model.kind == ModelKind::kPublished,
          "--tasks is missing: what {} is to be asked (`rorqual eval list` tells)",
          model.name);
    if (options.tasks.empty()) {
      for (const auto& row : eval::published_columns(model.where).front().table.rows) {
        tasks.push_back(row.task);
      }
    }
  }
  return tasks;
}

class Evaluator {
 public:
  Evaluator(const EvaluationOptions& options, EvaluationResult& result)
      : options_(options), result_(result), plan_(options.output) {}

  void run() {
    const std::vector<EvaluatedModel> models = read_models(options_.models);
    const std::vector<std::string> names = task_list(options_, models);
    const bool measures = std::ranges::any_of(
        models, [](const EvaluatedModel& model) { return model.kind != ModelKind::kPublished; });
    plan_.begin(options_.models);
    add_columns(models, result_.board);
    for (const std::string& name : names) {
      tasks_.push_back(measures ? eval::load_task(name, options_.overrides)
                                : eval::Task{.name = name});
      plan_.add_task(tasks_.back().name);
      result_.board.add_task(tasks_.back().name);
    }
    for (const EvaluatedModel& model : models) {
      if (model.kind != ModelKind::kPublished) {
        run_model(model);
      }
    }
    check(!measures || !result_.records.empty(), "nothing could be asked: {}", first_refusal_);
    if (measures) {
      plan_.write();
    }
  }

 private:
  void run_model(const EvaluatedModel& model) {
    const std::unique_ptr<eval::Subject> subject =
        make_subject(model,
                     {.endpoint = options_.endpoint,
                      .answers = options_.output / "answers.sqlite",
                      .has_begin_token = options_.has_begin_token});
    for (const eval::Task& task : tasks_) {
      const eval::Form form = model.kind == ModelKind::kChat
                                  ? eval::Form::kChat
                                  : options_.form.value_or(task.config.prompt.form);
      const std::string refusal = eval::refusal_of(*subject, task, form);
      if (!refusal.empty()) {
        refuse(model, task, refusal);
        continue;
      }
      try {
        run_task(model, *subject, task, form);
      } catch (const MachineError&) {
        throw;
      } catch (const Error& error) {
        if (model.kind == ModelKind::kFolder) {
          throw;
        }
        refuse(
            model, task, error.what());  // an endpoint that fails leaves the others their figures
      }
    }
  }

  void refuse(const EvaluatedModel& model, const eval::Task& task, const std::string& why) {
    first_refusal_ = first_refusal_.empty() ? why : first_refusal_;
    result_.board.refuse(model.name, task.name, why);
    plan_.refuse(model.name, task.name, why);
  }

  void run_task(const EvaluatedModel& model,
                eval::Subject& subject,
                const eval::Task& task,
                eval::Form form) {
    const eval::QuestionSet& set = questions(task, form);
    const fs::path file =
        fs::path(as_file_name(model.name)) /
        fmt::format("{}-{}.jsonl", task.name, task.digest().substr(0, kDigestDigits));
    make_folder((options_.output / file).parent_path());
    Progress bar(fmt::format("{} {}", model.name, task.name), 0, "replies");
    eval::Record record = eval::evaluate(
        {.task = task,
         .set = set,
         .form = form,
         .model = model.name,
         .record = options_.output / file},
        subject,
        [&, is_first = true](std::int64_t done, std::int64_t all, std::int64_t known) mutable {
          if (std::exchange(is_first, false) && known > 0) {
            bar.resume_at(known);
          }
          bar.update(done, fmt::format("of {}", all));
        });
    bar.finish();
    plan_.add_record(file);
    result_.board.add(record);
    result_.records.push_back(std::move(record));
  }

  const eval::QuestionSet& questions(const eval::Task& task, eval::Form form) {
    const auto key = std::pair(task.name, form);
    const auto found = sets_.find(key);
    if (found != sets_.end()) {
      return found->second;
    }
    const fs::path data = options_.data.empty() ? evaluation_data_folder() : options_.data;
    return sets_
        .emplace(key,
                 eval::read_questions(task, {.data = data, .limit = options_.limit, .form = form}))
        .first->second;
  }

  const EvaluationOptions& options_;
  EvaluationResult& result_;
  EvaluationPlan plan_;
  std::vector<eval::Task> tasks_;
  std::map<std::pair<std::string, eval::Form>, eval::QuestionSet> sets_;
  std::string first_refusal_;
};

void replay(const fs::path& folder, EvaluationResult& result) {
  EvaluationPlan plan(folder);
  plan.read();
  add_columns(read_models(plan.list("models")), result.board);
  for (const std::string& task : plan.list("tasks")) {
    result.board.add_task(task);
  }
  for (const std::string& file : plan.list("records")) {
    result.records.push_back(eval::read_record(folder / file));
    result.board.add(result.records.back());
  }
  for (const Json& refused : plan.json().value("refused", Json::array())) {
    result.board.refuse(
        refused.value("model", ""), refused.value("task", ""), refused.value("why", ""));
  }
}

}  // namespace

fs::path evaluation_data_folder() {
  return cache_folder() / "evaluation";
}

void add_evaluation_options(CLI::App& verb, EvaluationOptions& options) {
  verb.add_option("--tasks", options.tasks, "Names of tasks, or .toml files")->delimiter(',');
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

EvaluationResult evaluate_models(const EvaluationOptions& options) {
  EvaluationResult result;
  if (!options.replay.empty()) {
    replay(options.replay, result);
  } else {
    Evaluator(options, result).run();
  }
  return result;
}

void put_out(const EvaluationOptions& options,
             const std::function<std::string(eval::Output)>& text_in) {
  std::cout << text_in(eval::Output::kTerminal);
  for (const std::string& file : options.tables) {
    write_file(file, text_in(eval::output_of(file)));
  }
}

}  // namespace rq
