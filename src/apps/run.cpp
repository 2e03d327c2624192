// rorqual run: works through a recipe in its run folder.

#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "apps/cache_folder.h"
#include "apps/verbs.h"
#include "pipeline/kinds/kinds.h"
#include "pipeline/runner.h"

namespace rq {

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
  verb->add_option(
          "--run-dir", options->run_dir, "the run folder; runs/<the recipe's name> if not given")
      ->type_name("DIR");
  verb->footer(
      "The run folder holds recipe.toml as resolved, data/, tokenizers/, models/, work/ "
      "(checkpoints, metrics,\n"
      "logs) and ledger.jsonl (what everything cost). It can be stopped or killed at any moment: "
      "the same\n"
      "command continues it. Packages are kept in $RORQUAL_CACHE, or else in ~/.cache/rorqual.\n");
  verb->callback([options] {
    options->cache = cache_folder();
    options->say = [](std::string_view line) { std::cout << line << std::endl; };
    pipeline::run_recipe(*options, pipeline::all_kinds());
  });
}

}  // namespace rq
