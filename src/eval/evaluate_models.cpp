#include "eval/evaluate_models.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
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
    if (measures) {
      find_judge();
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
    check(!measures || !answered_.empty(), "nothing could be asked: {}", first_refusal_);
    judge_all();
    for (Answered& answered : answered_) {
      plan_.add_record(answered.file);
      result_.board.add(answered.record);
      result_.records.push_back(std::move(answered.record));
    }
    if (measures) {
      plan_.write();
    }
  }

 private:
  // What a model answered to a task.
  struct Answered {
    const EvaluatedModel& model;
    const Task& task;
    fs::path file = {};  // of the record, below the output
    std::unique_ptr<Examination> examination = {};
    Record record = {};
  };

  void find_judge() {
    for (const Task& task : tasks_) {
      check_judged(task, order_.judge.has_value());
      if (needs_judge(task.config) && judge_ == nullptr) {
        judge_ = subject_of(*order_.judge);
        const std::string refusal = judge_->refusal(Asked::kChat);
        check(refusal.empty(), "{} cannot judge answers: {}", order_.judge->written, refusal);
      }
    }
  }

  std::unique_ptr<Subject> subject_of(const EvaluatedModel& model) const {
    return make_subject(model,
                        {.endpoint = order_.endpoint,
                         .answers = order_.output / "answers.sqlite",
                         .has_begin_token = order_.has_begin_token});
  }

  void run_model(const EvaluatedModel& model) {
    const std::unique_ptr<Subject> subject = subject_of(model);
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
    const fs::path file =
        fs::path(as_file_name(model.name)) /
        fmt::format("{}-{}.jsonl", task.name, task.digest().substr(0, kDigestDigits));
    make_folder((order_.output / file).parent_path());
    Answered answered{.model = model, .task = task, .file = file};
    answered.examination = std::make_unique<Examination>(
        Evaluation{.task = task,
                   .set = questions(task, form),
                   .form = form,
                   .model = model.name,
                   .record = order_.output / file,
                   .contamination = order_.training.empty() ? nullptr : &contamination_});
    with_bar(fmt::format("{} {}", model.name, task.name), model, [&](const auto& report) {
      answered.examination->ask(subject, report);
    });
    if (!needs_judge(task.config)) {
      finish(answered);
    }
    answered_.push_back(std::move(answered));
  }

  // The answers of all models, so that but one model is in memory at a time.
  void judge_all() {
    for (Answered& answered : answered_) {
      if (needs_judge(answered.task.config)) {
        with_bar(
            fmt::format(
                "{} judges {} {}", order_.judge->name, answered.model.name, answered.task.name),
            *order_.judge,
            [&](const auto& report) {
              answered.examination->judge(order_.judge->name, *judge_, report);
            });
        finish(answered);
      }
    }
  }

  static void finish(Answered& answered) {
    answered.record = answered.examination->finish();
    answered.examination.reset();  // which holds all replies once more
  }

  // A stage that asks `model`, with a progress bar.
  template <typename Stage>
  void with_bar(const std::string& title, const EvaluatedModel& model, Stage&& stage) {
    std::optional<Progress> bar;
    std::int64_t told = 0;
    stage([&](const EvaluationState& state) {
      if (!bar) {
        bar.emplace(title, state.all, "replies");
        bar->resume_at(state.known);
      }
      bar->update(state.done);
      order_.on_tokens(model, state.tokens - std::exchange(told, state.tokens));
    });
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
  std::unique_ptr<Subject> judge_;  // null where no task needs it
  std::vector<Answered> answered_;
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

void check_judged(const Task& task, bool has_judge) {
  check(has_judge || !needs_judge(task.config),
        "the answers to {} are marked by a judge, and none is named: add --judge MODEL to the "
        "command, or judge = \"MODEL\" to the box in the recipe",
        task.name);
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
