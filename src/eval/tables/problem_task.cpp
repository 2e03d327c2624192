#include "eval/tables/problem_task.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "eval/tables/internal/problem_rows.h"

namespace rq::eval {

namespace {

Task task_of(const ProblemSettings& settings, const std::string& title, ProblemSource source) {
  std::string name = std::filesystem::path(title).replace_extension().string();
  std::ranges::replace(name, '/', '-');
  TaskConfig config{.title = title, .section = "Problems", .kind = TaskKind::kGeneration};
  config.data.problems = std::move(source);
  config.prompt = {.form = Form::kChat, .system = settings.system, .question = "{{ prompt }}"};
  config.answer.compare = Compare::kProblem;
  config.sampling = {.temperature = settings.temperature,
                     .top_p = settings.top_p,
                     .max_tokens = settings.max_tokens,
                     .samples = settings.samples,
                     .seed = settings.draw.seed};
  config.score.id = "id";
  return {.name = std::move(name), .origin = "problems." + title, .config = std::move(config)};
}

}  // namespace

std::vector<Task> problem_tasks(const ProblemSettings& settings) {
  std::vector<Task> tasks;
  ProblemSource source = settings.draw;
  source.files.clear();
  for (const std::string& kind : settings.draw.kinds) {
    source.kinds = {kind};
    tasks.push_back(task_of(settings, kind, source));
  }
  for (const std::string& file : settings.draw.files) {
    tasks.push_back(task_of(settings, file, {.files = {file}}));
  }
  return tasks;
}

std::vector<std::string> problems_of(const ProblemSettings& settings,
                                     const std::filesystem::path& data) {
  std::vector<std::string> all;
  for (const Task& task : problem_tasks(settings)) {
    for (const std::string& sentence : task.config.problems()) {
      all.push_back("problems: " + sentence);
    }
    try {
      problem_rows(task.config.data.problems, data);
    } catch (const Error& error) {
      all.push_back(fmt::format("problems: {}: {}", task.name, error.what()));
    }
  }
  return all;
}

}  // namespace rq::eval
