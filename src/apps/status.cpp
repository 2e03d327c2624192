// rorqual status: what a run has done so far, and what each part cost.

#include "pipeline/status.h"

#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"

namespace rq {

void add_status(CLI::App& app) {
  const auto run_dir = std::make_shared<std::string>();  // lives as long as the callback
  CLI::App* verb = app.add_subcommand("status",
                                      "Shows what a run has done and what each part cost,\n"
                                      "while it is going on and after");
  verb->add_option("RUN", *run_dir, "a run folder, such as runs/tiny")->required();
  verb->footer(
      "States: done; running; stopped (asked to, or killed: continue with the same command); "
      "failed;\n"
      "stale (to be made anew); waiting. Costs are summed over all attempts, killed ones "
      "included;\n"
      "those at boxes whose settings or inputs have changed since are told apart below.\n"
      "core-hours are processor time; where accelerators were held, hours are theirs (dev).\n");
  verb->callback([run_dir] {
    std::cout << pipeline::status_table(pipeline::read_status(*run_dir),
                                        pipeline::read_replaced(*run_dir));
  });
}

}  // namespace rq
