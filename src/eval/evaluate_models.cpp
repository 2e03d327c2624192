#include "eval/evaluate_models.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "eval/evaluation_plan.h"
#include "eval/tables/contamination.h"
#include "eval/tables/evaluate.h"
#include "eval/tables/published.h"

namespace rq::eval {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigestDigits = 8;

// A name as a folder can have it.
std::string as_file_name(std::string name) {
  std::ranges::replace_if(name, [](char c) { return c == '/' || c == '\\' || c == ':'; }, '+');
  return name;
}

void add_columns(const std::vector<EvaluatedModel>& models, Board& board) {
  for (const EvaluatedModel& model : models) {
    if (model.kind != ModelKind::kPublished) {
      board.add_model(model.name);
      continue;
    }
    for (const PublishedColumn& column : published_columns(model.where)) {
      board.add_published(column);
    }
  }
}

// The rows of what is published, which need no task.
std::vector<Task> published_rows(const std::vector<EvaluatedModel>& models) {
  std::vector<Task> rows;
  for (const EvaluatedModel& model : models) {
    check(model.kind == ModelKind::kPublished,
          "there are no tasks: what {} is to be asked (`rorqual eval list` tells)",
          model.name);
    for (const auto& row : published_columns(model.where).front().table.rows) {
      rows.push_back({.name = row.task});
    }
  }
  return rows;
}

class Evaluator {
 public:
  Evaluator(const EvaluationOrder& order, EvaluationResult& result)
      : order_(order),
        result_(result),
        plan_(order.output),
        tasks_(order.tasks.empty() ? published_rows(order.models) : order.tasks) {}

  void run() {
    std::vector<std::string> written;
    bool measures = false;
    for (const EvaluatedModel& model : order_.models) {
      written.push_back(model.written);
      measures |= model.kind != ModelKind::kPublished;
    }
    plan_.begin(written);
    add_columns(order_.models, result_.board);
    for (const Task& task : tasks_) {
      plan_.add_task(task.name);
      result_.board.add_task(task.name);
    }
    if (measures && !order_.training.empty()) {
      look_through_training();
    }
    for (const EvaluatedModel& model : order_.models) {
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
    const std::unique_ptr<Subject> subject =
        make_subject(model,
                     {.endpoint = order_.endpoint,
                      .answers = order_.output / "answers.sqlite",
                      .has_begin_token = order_.has_begin_token});
    for (const Task& task : tasks_) {
      const Form form = model.kind == ModelKind::kChat
                            ? Form::kChat
                            : order_.form.value_or(task.config.prompt.form);
      const std::string refusal = refusal_of(*subject, task, form);
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

  void look_through_training() {
    std::map<std::string, const QuestionSet*> sets;
    for (const Task& task : tasks_) {
      sets[task.name] = &questions(task, order_.form.value_or(task.config.prompt.form));
    }
    contamination_ = find_contamination(sets, order_.training);
  }

  void refuse(const EvaluatedModel& model, const Task& task, const std::string& why) {
    first_refusal_ = first_refusal_.empty() ? why : first_refusal_;
    result_.board.refuse(model.name, task.name, why);
    plan_.refuse(model.name, task.name, why);
  }

  void run_task(const EvaluatedModel& model, Subject& subject, const Task& task, Form form) {
    const QuestionSet& set = questions(task, form);
    const fs::path file =
        fs::path(as_file_name(model.name)) /
        fmt::format("{}-{}.jsonl", task.name, task.digest().substr(0, kDigestDigits));
    make_folder((order_.output / file).parent_path());
    Progress bar(fmt::format("{} {}", model.name, task.name), 0, "replies");
    Record record = evaluate(
        {.task = task,
         .set = set,
         .form = form,
         .model = model.name,
         .record = order_.output / file,
         .contamination = order_.training.empty() ? nullptr : &contamination_},
        subject,
        [&, is_first = true, told = std::int64_t{0}](const EvaluationState& state) mutable {
          if (std::exchange(is_first, false) && state.known > 0) {
            bar.resume_at(state.known);
          }
          bar.update(state.done, fmt::format("of {}", state.all));
          order_.on_tokens(model, state.tokens - std::exchange(told, state.tokens));
        });
    bar.finish();
    plan_.add_record(file);
    result_.board.add(record);
    result_.records.push_back(std::move(record));
  }

  const QuestionSet& questions(const Task& task, Form form) {
    const auto key = std::pair(task.name, form);
    const auto found = sets_.find(key);
    if (found != sets_.end()) {
      return found->second;
    }
    return sets_
        .emplace(key,
                 read_questions(task, {.data = order_.data, .limit = order_.limit, .form = form}))
        .first->second;
  }

  const EvaluationOrder& order_;
  EvaluationResult& result_;
  EvaluationPlan plan_;
  std::vector<Task> tasks_;
  std::map<std::pair<std::string, Form>, QuestionSet> sets_;
  Contamination contamination_;
  std::string first_refusal_;
};

}  // namespace

std::vector<EvaluatedModel> read_evaluated_models(const std::vector<std::string>& texts) {
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

EvaluationResult evaluate_models(const EvaluationOrder& order) {
  EvaluationResult result;
  Evaluator(order, result).run();
  return result;
}

EvaluationResult replay_evaluation(const fs::path& folder) {
  EvaluationResult result;
  EvaluationPlan plan(folder);
  plan.read();
  add_columns(read_evaluated_models(plan.list("models")), result.board);
  for (const std::string& task : plan.list("tasks")) {
    result.board.add_task(task);
  }
  for (const std::string& file : plan.list("records")) {
    result.records.push_back(read_record(folder / file));
    result.board.add(result.records.back());
  }
  for (const Json& refused : plan.json().value("refused", Json::array())) {
    result.board.refuse(
        refused.value("model", ""), refused.value("task", ""), refused.value("why", ""));
  }
  return result;
}

}  // namespace rq::eval
