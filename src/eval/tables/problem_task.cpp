#include "eval/tables/problem_task.h"

#include <string>
#include <vector>

#include "base/check.h"
#include "eval/tables/internal/drawn_rows.h"

namespace rq::eval {

std::vector<Task> problem_tasks(const ProblemSettings& settings) {
  std::vector<Task> tasks;
  for (const std::string& kind : settings.draw.kinds) {
    TaskConfig config{.title = kind, .section = "Problems", .kind = TaskKind::kGeneration};
    config.data.problems = settings.draw;
    config.data.problems.kinds = {kind};
    config.prompt = {.form = Form::kChat, .system = settings.system, .question = "{{ prompt }}"};
    config.answer.compare = Compare::kProblem;
    config.sampling = {.temperature = settings.temperature,
                       .top_p = settings.top_p,
                       .max_tokens = settings.max_tokens,
                       .samples = settings.samples,
                       .seed = settings.draw.seed};
    config.score.id = "id";
    tasks.push_back({.name = kind, .origin = "problems." + kind, .config = config});
  }
  return tasks;
}

std::vector<std::string> problems_of(const ProblemSettings& settings) {
  std::vector<std::string> all;
  for (const Task& task : problem_tasks(settings)) {
    for (const std::string& sentence : task.config.problems()) {
      all.push_back("problems: " + sentence);
    }
    try {
      drawn_rows(task.config.data.problems);
    } catch (const Error& error) {
      all.push_back(fmt::format("problems: {}: {}", task.name, error.what()));
    }
  }
  return all;
}

}  // namespace rq::eval
