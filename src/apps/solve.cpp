// rorqual solve: how many problems a model solves.

#include <cstddef>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/cache_folder.h"
#include "apps/verbs.h"
#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "eval/evaluate_models.h"
#include "eval/tables/output.h"
#include "eval/tables/problem_task.h"
#include "reward/problem_generator.h"

namespace rq {
namespace {

constexpr const char* kAbout =
    "Puts problems to a model and has programs check its answers: final answers as mathematics, "
    "code "
    "by\n"
    "running it against tests in a sandbox. Problems are drawn by kind from the side of the split "
    "that no\n"
    "training sees, or read from files: GSM8K, MATH, HumanEval, MBPP, LiveCodeBench, "
    "reasoning-gym, "
    "and\n"
    "our own. Prints pass@1 with 95 % intervals, a row a kind or a file; --output writes every "
    "answer.\n";
constexpr const char* kFooter =
    "Example: rorqual solve --model runs/small/models/v3 --kinds sum,order,list-function --count "
    "200\n"
    "         rorqual solve --model models/SmolLM2 --files gsm8k/test.jsonl --samples 4 "
    "--temperature "
    "0.7\n";

struct SolveOptions {
  std::string model, output;
  eval::ProblemSettings problems;
};

// What each problem was answered.
Json as_json(const eval::Record& record) {
  Json problems = Json::array();
  for (const eval::RecordLine& line : record.lines) {
    Json answers = Json::array();
    for (std::size_t i = 0; i < line.replies.size(); ++i) {
      answers.push_back({{"text", line.replies[i].text},
                         {"tokens", line.replies[i].tokens},
                         {"cut", line.replies[i].is_cut},
                         {"right", line.mark.sample_scores[i] >= 1},
                         {"note", line.mark.notes[i]}});
    }
    problems.push_back({{"id", line.id}, {"prompt", line.shown}, {"answers", answers}});
  }
  return problems;
}

void solve_problems(const SolveOptions& options) {
  check(options.problems.draw.kinds.empty() != options.problems.draw.files.empty(),
        "give either --kinds or --files: what the problems are");
  const std::vector<std::string> wrong = eval::problems_of(options.problems, "");
  check(wrong.empty(), "{}", fmt::join(wrong, "\n"));
  const eval::EvaluationOrder order{.models = eval::read_evaluated_models({options.model}),
                                    .tasks = eval::problem_tasks(options.problems),
                                    .output = cache_folder() / "solve"};
  const eval::EvaluationResult result = eval::evaluate_models(order);
  const eval::Table table = result.board.table();
  std::cout << eval::to_text(table, eval::Output::kTerminal);
  if (options.output.empty()) {
    return;
  }
  Json json = eval::to_json(table);
  json["problems"] = Json::object();
  for (const eval::Record& record : result.records) {
    json["problems"][record.making.task] = as_json(record);
  }
  write_file(options.output, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

void add_solve(CLI::App& app) {
  const auto options = std::make_shared<SolveOptions>();  // lives as long as the callback
  eval::ProblemSettings& problems = options->problems;
  CLI::App* const verb = app.add_subcommand("solve", kAbout);
  verb->footer(kFooter);
  std::vector<std::string> names;
  for (const reward::ProblemKind& kind : reward::problem_kinds()) {
    names.emplace_back(kind.name);
  }
  verb->add_option("--model", options->model, "Folder in Hugging Face layout")->required();
  verb->add_option(
          "--kinds", problems.draw.kinds, "Of " + fmt::format("{}", fmt::join(names, ", ")))
      ->delimiter(',');
  verb->add_option("--files", problems.draw.files, "Of problems, in any of the forms above");
  verb->add_option("--count", problems.draw.count, "Problems of each kind")->capture_default_str();
  verb->add_option("--least-difficulty", problems.draw.least_difficulty, "1 to 5")
      ->capture_default_str();
  verb->add_option("--most-difficulty", problems.draw.most_difficulty, "1 to 5")
      ->capture_default_str();
  verb->add_option("--samples", problems.samples, "Answers to each problem")->capture_default_str();
  verb->add_option("--temperature", problems.temperature, "0: the most probable answer")
      ->capture_default_str();
  verb->add_option("--max-tokens", problems.max_tokens, "Of an answer")->capture_default_str();
  verb->add_option("--seed", problems.draw.seed, "Of the problems and the answers")
      ->capture_default_str();
  verb->add_option("--output", options->output, "All answers and the table, as JSON");
  verb->callback([options] { solve_problems(*options); });
}

}  // namespace rq
