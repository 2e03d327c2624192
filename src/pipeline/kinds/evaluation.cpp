#include "pipeline/kinds/evaluation.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/require.h"
#include "eval/evaluate_models.h"
#include "eval/tables/board.h"
#include "eval/tables/output.h"
#include "pipeline/internal/existing.h"
#include "pipeline/kinds/workload.h"
#include "pipeline/recipe.h"
#include "plan/flops.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

// Names of the recipe have none of these.
bool is_outside(std::string_view model) {
  return model.find_first_of(":=/") != std::string_view::npos;
}

eval::Task load(const std::string& name, const EvaluationSettings& settings, const Recipe& recipe) {
  return eval::load_task(name.ends_with(".toml") ? recipe.resolve(name).string() : name,
                         settings.set);
}

class EvaluationProcess : public Process {
 public:
  EvaluationProcess(std::string name, EvaluationSettings settings)
      : name_(std::move(name)), settings_(std::move(settings)) {}

  ConfigNode config() const override { return write_config(settings_); }
  Thing makes() const override { return {ThingType::kEvaluation, name_}; }
  bool depends_on_seed() const override { return false; }  // problems and tasks have their own
  std::vector<Input> inputs() const override {
    std::vector<Input> inputs;
    for (const std::string& model : settings_.models) {
      if (!is_outside(model)) {
        inputs.push_back({{ThingType::kModel, model}, "models"});
      }
    }
    if (!settings_.judge.empty() && !is_outside(settings_.judge)) {
      inputs.push_back({{ThingType::kModel, settings_.judge}, "judge"});
    }
    for (const std::string& box : settings_.training) {
      inputs.push_back({{ThingType::kData, box}, "training"});
    }
    return inputs;
  }

  std::vector<std::string> missing(const Recipe& recipe) const override {
    std::vector<std::string> all =
        eval::problems_of(settings_.drawn, recipe.resolve(settings_.data));
    const auto look = [&](const auto& work) {
      try {
        work();
      } catch (const Error& error) {
        all.emplace_back(error.what());
      }
    };
    for (const std::string& model : settings_.models) {
      look([&] { eval::read_evaluated_model(model); });
    }
    if (!settings_.judge.empty()) {
      look([&] { eval::read_judge(settings_.judge); });
    }
    for (const std::string& name : settings_.tasks) {
      look([&] {
        const eval::Task task = load(name, settings_, recipe);
        eval::check_judged(task, !settings_.judge.empty());
        eval::read_questions(task, {.data = recipe.resolve(settings_.data), .limit = 1});
      });
    }
    return all;
  }

  std::optional<std::string> outside(const Recipe& recipe) const override {
    std::string text;
    try {
      for (const std::string& name : settings_.tasks) {
        const eval::Task task = load(name, settings_, recipe);
        const fs::path folder = recipe.resolve(settings_.data) / task.config.data.folder;
        const eval::ProblemSource& problems = task.config.data.problems;
        const bool is_drawn = problems.exists() && problems.files.empty();
        if (!is_drawn && !fs::is_directory(folder)) {
          return std::nullopt;
        }
        text += task.digest() + (is_drawn ? "" : internal::hash_of_existing(folder));
      }
      for (const std::string& file : settings_.drawn.draw.files) {
        const fs::path path = recipe.resolve(settings_.data) / file;
        if (!fs::exists(path)) {
          return std::nullopt;
        }
        text += internal::hash_of_existing(path);
      }
    } catch (const Error&) {  // missing() tells, where it is to run
      return std::nullopt;
    }
    return text.empty() ? text : sha256(text);
  }

  // The answers of the recipe's own models to drawn problems. All of a model to a kind begin
  // together.
  std::optional<plan::Workload> workload(const Recipe& recipe) const override {
    const eval::ProblemSettings& drawn = settings_.drawn;
    plan::Workload work{.has_prediction = false};
    double models = 0;
    for (const std::string& name : settings_.models) {
      if (const auto shape = is_outside(name) ? std::nullopt : recipe.model_config(name)) {
        work.shape = models == 0 ? *shape : work.shape;
        ++models;
      }
    }
    if (models == 0 || drawn.draw.kinds.empty()) {
      return {};
    }
    const std::int64_t asked =
        settings_.limit > 0 ? std::min(settings_.limit, drawn.draw.count) : drawn.draw.count;
    work.generation = generation_of(
        recipe, {.made = makes(), .system = drawn.system, .max_tokens = drawn.max_tokens}, work);
    work.generation.prompt_tokens += question_tokens(recipe);
    work.generation.temperature = drawn.temperature;
    work.generation.top_p = drawn.top_p;
    work.generation.programs = share_of_programs(drawn.draw.kinds);
    work.generation.at_once = static_cast<double>(asked * drawn.samples);
    work.generation.answers =
        models * static_cast<double>(drawn.draw.kinds.size()) * work.generation.at_once;
    work.row_tokens = work.generation.prompt_tokens + work.generation.answer_tokens;
    if (!settings_.tasks.empty() || !drawn.draw.files.empty()) {
      work.assumptions.push_back(
          fmt::format("evaluation.{}: tasks whose questions lie in files are not counted", name_));
    }
    return work;
  }

  void run(Context& context) const override {
    const eval::EvaluationResult result = eval::evaluate_models(order(context));
    const eval::Table table = result.board.table();
    std::vector<eval::Comparison> differences = eval::compare_all(result.records);
    for (const char* file : {"table.md", "table.html", "table.json"}) {
      write_file(context.output / file, eval::to_text(table, differences, eval::output_of(file)));
    }
    context.log(fmt::format("{} of {} questions answered; see {}",
                            answered(result.records),
                            asked(result.records),
                            (context.output / "table.md").string()));
  }

 private:
  // As `rorqual eval` takes it.
  static std::string as_written(const std::string& model, const Context& context) {
    return is_outside(model)
               ? model
               : fmt::format("{}={}", model, context.place({ThingType::kModel, model}).string());
  }

  double question_tokens(const Recipe& recipe) const {
    const eval::ProblemSource& drawn = settings_.drawn.draw;
    data::SourceConfig source;
    source.asked = {.kinds = drawn.kinds,
                    .count = drawn.count,
                    .least_difficulty = drawn.least_difficulty,
                    .most_difficulty = drawn.most_difficulty,
                    .answers = data::AnswerForm::kNone};
    return drawn_lengths(source, recipe.token_count()).value_or(Lengths{}).question;
  }

  eval::EvaluationOrder order(Context& context) const {
    std::vector<std::string> models;
    for (const std::string& model : settings_.models) {
      models.push_back(as_written(model, context));
    }
    eval::EvaluationOrder order{.models = eval::read_evaluated_models(models),
                                .data = context.recipe.resolve(settings_.data),
                                .output = context.output,
                                .limit = settings_.limit};
    if (!settings_.judge.empty()) {
      order.judge = eval::read_judge(as_written(settings_.judge, context));
    }
    for (const std::string& box : settings_.training) {
      order.training.push_back(context.place({ThingType::kData, box}));
    }
    order.endpoint.key_variable = settings_.key_variable;
    for (const std::string& name : settings_.tasks) {
      order.tasks.push_back(load(name, settings_, context.recipe));
    }
    for (eval::Task& task : eval::problem_tasks(settings_.drawn)) {
      order.tasks.push_back(std::move(task));
    }
    order.on_tokens = [&context](const eval::EvaluatedModel& model, std::int64_t tokens) {
      context.cost.add_tokens(tokens);
      if (const auto shape = context.recipe.model_config(model.name)) {
        context.cost.add_flops(plan::forward_flops(*shape, 1) * static_cast<double>(tokens));
      }
    };
    return order;
  }

  static std::int64_t asked(const std::vector<eval::Record>& records) {
    std::int64_t count = 0;
    for (const eval::Record& record : records) {
      count += std::ssize(record.lines);
    }
    return count;
  }

  static std::int64_t answered(const std::vector<eval::Record>& records) {
    std::int64_t count = 0;
    for (const eval::Record& record : records) {
      count += std::ranges::count_if(record.lines, &eval::RecordLine::is_answered);
    }
    return count;
  }

  std::string name_;
  EvaluationSettings settings_;
};

}  // namespace

std::vector<std::string> EvaluationSettings::problems() const {
  Requirements all;
  all.require(!models.empty(), "models names no model");
  const bool is_published_alone = std::ranges::all_of(
      models, [](std::string_view model) { return model.starts_with("published:"); });
  all.require(!tasks.empty() || drawn.draw.exists() || is_published_alone,
              "neither tasks nor problems.kinds: what the models are asked");
  all.require((tasks.empty() && drawn.draw.files.empty()) || !data.empty(),
              "data is missing: the folder that holds the data of the tasks (`rorqual eval fetch "
              "--data FOLDER` brings some)");
  all.require(limit >= 0, "limit={} must not be negative", limit);
  all.require(drawn.draw.kinds.empty() || drawn.draw.count >= 1,
              "problems.count={} must be at least 1",
              drawn.draw.count);
  return all.take();
}

Kind evaluation_kind() {
  return {std::string(kEvaluationKind),
          [](const ConfigNode& table, std::string_view path, Problems& problems) {
            return std::make_unique<EvaluationProcess>(
                std::string(path.substr(path.find('.') + 1)),
                read_config<EvaluationSettings>(table, path, problems));
          }};
}

}  // namespace rq::pipeline
