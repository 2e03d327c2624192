// rorqual run: works through a recipe in its run folder.

#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <ios>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <torch/version.h>

#include "apps/cache_folder.h"
#include "apps/recipe_plan.h"
#include "apps/verbs.h"
#include "base/tensor_memory.h"
#include "pipeline/kinds/kinds.h"
#include "pipeline/runner.h"

namespace rq {

namespace {

// The command line of this process, as the system keeps it.
std::vector<std::string> command_words() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) {
    words.push_back(words.empty() ? "rorqual" : word);
  }
  return words;
}

// Real steps of each process are timed, for a small share of what they will take.
std::map<std::string, pipeline::Prediction> predict(const pipeline::RecipeWorkloads& recipe) {
  constexpr double kMostTiming = 60, kTimingShare = 0.04;
  std::cout << "planning: a few steps of each process are timed, for a minute at most" << std::endl;
  const plan::WholePlan whole =
      make_plan(recipe, {.most_timing_s = kMostTiming, .most_timing_share = kTimingShare});
  std::map<std::string, pipeline::Prediction> predictions;
  for (const plan::PlannedProcess& process : whole.processes) {
    predictions[process.work.name] = {
        .wall_s = process.plan.seconds,
        .peak_memory_bytes = static_cast<std::int64_t>(process.plan.memory.total()),
        .dollars = process.plan.dollars};
  }
  return predictions;
}

// Asks where there is a terminal to ask on.
bool is_agreed_to(std::string_view question) {
  if (::isatty(STDIN_FILENO) == 0) {
    return false;
  }
  std::cout << question << ". Begin? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes";
}

}  // namespace

void add_run(CLI::App& app) {
  const auto options = std::make_shared<pipeline::RunOptions>();  // lives as long as the callback
  CLI::App* verb = app.add_subcommand("run",
                                      "Runs a recipe, or continues it: what is done stays done,\n"
                                      "what changed and all that rests on it is made anew");
  verb->add_option("RECIPE", options->recipe, "a TOML file, such as recipes/tiny.toml")->required();
  verb->add_option("--set",
                   options->overrides,
                   "sets a key of the recipe, as in --set process.pretrain.seed=2; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb->add_option("--until",
                   options->until,
                   "stops after this process (or box, as data.prose); runs only what it needs")
      ->type_name("PROCESS");
  verb->add_flag(
      "--dry-run",
      options->is_dry_run,
      "makes every check that comes before work, says what would be done, writes nothing");
  const auto is_agreed = std::make_shared<bool>(false);
  verb->add_flag("--agree",
                 *is_agreed,
                 "begins also where more is predicted than the recipe's [plan] allows unasked");
  verb->add_option(
          "--run-dir", options->run_dir, "the run folder; runs/<the recipe's name> if not given")
      ->type_name("DIR");
  verb->footer(
      "The run folder holds recipe.toml as resolved, data/, tokenizers/, models/, work/ "
      "(checkpoints, metrics,\n"
      "logs) and ledger.jsonl (what everything cost). It can be stopped or killed at any moment: "
      "the same\n"
      "command continues it. Packages are kept in $RORQUAL_CACHE, or else in ~/.cache/rorqual.\n");
  verb->callback([options, is_agreed] {
    options->cache = cache_folder();
    options->command = command_words();
    options->versions = {{"libtorch", TORCH_VERSION}};
    options->settle = release_idle_memory;
    options->predict = predict;
    options->agree = [is_agreed](std::string_view question) {
      return *is_agreed || is_agreed_to(question);
    };
    options->say = [](std::string_view line) { std::cout << line << std::endl; };
    pipeline::run_recipe(*options, pipeline::all_kinds());
  });
}

}  // namespace rq
