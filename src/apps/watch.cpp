// rorqual watch: the report of a run while it goes on.

#include <cstdio>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "pipeline/kinds/kinds.h"
#include "pipeline/run_description.h"
#include "pipeline/run_folder.h"
#include "report/report.h"
#include "report/server.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

struct WatchOptions {
  fs::path run;
  report::WatchConfig server;
};

void ask_to_stop(const fs::path& run) {
  check(FolderLock::is_held(run), "no run is going on in {}", run.string());
  write_file(pipeline::RunFolder(run).stop(), "");
}

void watch(const WatchOptions& options) {
  const auto kinds = pipeline::all_kinds();
  const auto report = [&] {
    return report::report_of(pipeline::describe_run(options.run, kinds), {});
  };
  report();  // what cannot be watched at all is said here
  report::Server server(options.server, {.folder = options.run, .report = report, .stop = [&] {
                                           ask_to_stop(options.run);
                                         }});
  fmt::print(
      "the run in {} at http://127.0.0.1:{}/#token={}\n"
      "whoever has this address may stop the run; Ctrl-C ends the watching alone\n",
      options.run.string(),
      server.port(),
      server.token());
  std::fflush(stdout);
  server.run();
}

}  // namespace

void add_watch(CLI::App& app) {
  const auto options = std::make_shared<WatchOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand(
      "watch",
      "Serves a run's report on this machine while the run goes on: curves and logs grow as they\n"
      "are written, and a button stops the run once its work is saved. Ctrl-C ends the watching.");
  verb->add_option("RUN", options->run, "a run folder, such as runs/tiny")->required();
  verb->add_option("--port", options->server.port, "0: any that is free")->capture_default_str();
  verb->footer(
      "The button needs the token in the address that is printed. A run that was stopped is\n"
      "continued by the same command. From another machine: ssh -L 8020:localhost:8020 HOST, and\n"
      "open the address there.\n");
  verb->callback([options] { watch(*options); });
}

}  // namespace rq
