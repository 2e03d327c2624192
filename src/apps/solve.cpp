// rorqual solve: how many problems a model solves.

#include "eval/solve.h"

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "model/hf_weights.h"
#include "reward/problem_files.h"
#include "reward/problem_generator.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAbout =
    "Puts problems to a model and has programs check its answers: final answers as mathematics, "
    "code "
    "by\n"
    "running it against tests in a sandbox. Problems are drawn by kind from the side of the split "
    "that no\n"
    "training sees, or read from files: GSM8K, MATH, HumanEval, MBPP, LiveCodeBench, "
    "reasoning-gym, "
    "and\n"
    "our own. Prints pass@1 with 95 % intervals; --output writes every answer.\n";
constexpr const char* kFooter =
    "Example: rorqual solve --model runs/small/models/v3 --kinds sum,order,list-function --count "
    "200\n"
    "         rorqual solve --model models/SmolLM2 --files gsm8k/test.jsonl --samples 4 "
    "--temperature "
    "0.7\n";

struct SolveOptions {
  std::string model, output;
  std::vector<std::string> kinds;
  std::vector<fs::path> files;
  std::int64_t count = 200;
  int least_difficulty = 1, most_difficulty = 1;
  eval::SolveConfig config;
};

std::vector<reward::Problem> read_problems(const SolveOptions& options) {
  check(options.kinds.empty() != options.files.empty(),
        "give either --kinds or --files: what the problems are");
  std::vector<reward::Problem> problems;
  for (const std::string& kind : options.kinds) {
    reward::ProblemStream stream({.kinds = {kind},
                                  .least_difficulty = options.least_difficulty,
                                  .most_difficulty = options.most_difficulty,
                                  .split = reward::Split::kTest,
                                  .seed = options.config.seed});
    for (std::int64_t i = 0; i < options.count; ++i) {
      problems.push_back(stream.next());
    }
  }
  for (const fs::path& file : options.files) {
    for (reward::Problem& problem : reward::read_problems(file).problems) {
      problems.push_back(std::move(problem));
    }
  }
  return problems;
}

void print_rates(const std::vector<eval::PassRate>& rates) {
  std::cout << fmt::format("{:<18} {:>8} {:>8} {:>16} {:>8} {:>7}\n",
                           "",
                           "problems",
                           "pass@1",
                           "95 % interval",
                           "tokens",
                           "cut");
  for (const eval::PassRate& rate : rates) {
    std::cout << fmt::format("{:<18} {:>8} {:>6.1f} % {:>6.1f} to {:>4.1f} % {:>8.1f} {:>5.1f} %\n",
                             rate.name,
                             rate.problems,
                             100 * rate.right,
                             100 * rate.interval.low,
                             100 * rate.interval.high,
                             rate.tokens,
                             100 * rate.cut);
  }
}

Json as_json(const eval::PassRate& rate) {
  return {{"name", rate.name},
          {"problems", rate.problems},
          {"pass_at_1", rate.right},
          {"low", rate.interval.low},
          {"high", rate.interval.high},
          {"score", rate.score},
          {"tokens", rate.tokens},
          {"cut", rate.cut}};
}

Json as_json(const eval::Solved& solved) {
  Json answers = Json::array();
  for (const eval::SolvedAnswer& answer : solved.answers) {
    answers.push_back({{"text", answer.text},
                       {"tokens", answer.tokens},
                       {"cut", answer.is_cut},
                       {"score", answer.grade.score},
                       {"right", answer.grade.is_right},
                       {"note", answer.grade.reason}});
  }
  const reward::Problem& problem = solved.problem;
  return {{"id", problem.id},
          {"kind", problem.kind},
          {"difficulty", problem.difficulty},
          {"prompt", problem.prompt},
          {"answer", problem.answer},
          {"answers", answers}};
}

void write_answers(const SolveOptions& options,
                   const std::vector<eval::PassRate>& rates,
                   const std::vector<eval::Solved>& solved) {
  Json json = {{"model", options.model},
               {"samples", options.config.samples},
               {"temperature", options.config.temperature},
               {"max_tokens", options.config.max_tokens},
               {"seed", options.config.seed},
               {"rates", Json::array()},
               {"problems", Json::array()}};
  for (const eval::PassRate& rate : rates) {
    json["rates"].push_back(as_json(rate));
  }
  for (const eval::Solved& one : solved) {
    json["problems"].push_back(as_json(one));
  }
  write_file(options.output, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void solve_problems(const SolveOptions& options) {
  check(options.config.samples >= 1, "--samples={} must be at least 1", options.config.samples);
  const std::vector<reward::Problem> problems = read_problems(options);
  const fs::path folder = options.model;
  const auto tokenizer = tokenizer::Tokenizer::load(folder / "tokenizer.json");
  const auto format = tokenizer::ChatFormat::load(folder);
  check(format.has_value(), "{} has no chat template: it cannot be asked", options.model);
  const model::Model model = model::load_model(folder);
  const auto answers = static_cast<std::int64_t>(problems.size()) * options.config.samples;
  Progress bar("solve", answers, "answers");
  const std::vector<eval::Solved> solved =
      eval::solve({model, tokenizer, *format, tokenizer::end_tokens(folder, tokenizer)},
                  problems,
                  options.config,
                  [&](std::int64_t done) { bar.update(done); });
  bar.finish();
  const std::vector<eval::PassRate> rates = eval::pass_rates(solved);
  print_rates(rates);
  if (!options.output.empty()) {
    write_answers(options, rates, solved);
  }
}

}  // namespace

void add_solve(CLI::App& app) {
  const auto options = std::make_shared<SolveOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand("solve", kAbout);
  verb->footer(kFooter);
  std::vector<std::string> names;
  for (const reward::ProblemKind& kind : reward::problem_kinds()) {
    names.emplace_back(kind.name);
  }
  verb->add_option("--model", options->model, "Folder in Hugging Face layout")->required();
  verb->add_option("--kinds", options->kinds, "Of " + fmt::format("{}", fmt::join(names, ", ")))
      ->delimiter(',');
  verb->add_option("--files", options->files, "Of problems, in any of the forms above");
  verb->add_option("--count", options->count, "Problems of each kind")->capture_default_str();
  verb->add_option("--least-difficulty", options->least_difficulty, "1 to 5")
      ->capture_default_str();
  verb->add_option("--most-difficulty", options->most_difficulty, "1 to 5")->capture_default_str();
  verb->add_option("--samples", options->config.samples, "Answers to each problem")
      ->capture_default_str();
  verb->add_option("--temperature", options->config.temperature, "0: the most probable answer")
      ->capture_default_str();
  verb->add_option("--max-tokens", options->config.max_tokens, "Of an answer")
      ->capture_default_str();
  verb->add_option("--seed", options->config.seed, "Of the problems and the answers")
      ->capture_default_str();
  verb->add_option("--output", options->output, "All answers and the table, as JSON");
  verb->callback([options] { solve_problems(*options); });
}

}  // namespace rq
