// The program: reads the command line, hands over to a verb, and turns what it throws into one
// sentence and an exit code.

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <c10/util/Exception.h>

#include "apps/verbs.h"
#include "base/check.h"
#include "base/config_node.h"
#include "base/format.h"
#include "base/signals.h"
#include "base/tensor_memory.h"
#include "pipeline/process.h"

namespace rq {
namespace {

enum ExitCode { kDone = 0, kOurFault = 1, kUserFault = 2, kStopped = 75 };

constexpr std::string_view kAbout =
    "Rorqual trains DeepSeek-V3-style language models from raw text, in one program.\n"
    "A recipe (a TOML file) names the data, the architecture and the processes of a run;\n"
    "all that comes of it lies in one run folder, and the same command continues it.\n";

constexpr std::string_view kFirstSteps =
    "First steps:\n"
    "  rorqual run recipes/tiny.toml              from text to a small base model, minutes on two "
    "cores\n"
    "  rorqual status runs/tiny                   what was done and what each part cost\n"
    "  rorqual VERB --help                        a verb's options\n"
    "\n"
    "Exit codes: 0 done; 2 something to mend in what was given; 1 the machine's fault or ours;\n"
    "75 stopped by a signal after saving, or waiting for people: the same command goes on.\n";

// libgomp reads its settings when it is loaded, which is before main. Bounded spinning keeps
// training fast when another process holds a core: threads that spin for ever wait for one that
// cannot run.
void bound_spinning(char** arguments) {
  if (std::getenv("GOMP_SPINCOUNT") == nullptr && std::getenv("OMP_WAIT_POLICY") == nullptr) {
    ::setenv("GOMP_SPINCOUNT", "1000", 1);
    ::execv("/proc/self/exe", arguments);  // returns only where it failed; then we run without
  }
}

int report(ExitCode code, std::string_view text) {
  std::cerr << "rorqual: " << text << "\n";
  return code;
}

// A first argument that is no verb: the message names the nearest one.
std::optional<std::string> unknown_verb(const CLI::App& app, int count, char** arguments) {
  const std::string first = count > 1 ? arguments[1] : "-";
  std::vector<std::string> verbs;
  for (const CLI::App* verb : app.get_subcommands(nullptr)) {
    verbs.push_back(verb->get_name());
  }
  if (first.starts_with("-") || std::find(verbs.begin(), verbs.end(), first) != verbs.end()) {
    return std::nullopt;
  }
  const auto near = nearest(first, verbs);
  return fmt::format(
      "unknown verb {}; {}",
      first,
      near ? fmt::format("did you mean {}?", *near)
           : fmt::format("there are {} (see rorqual --help)", fmt::join(verbs, ", ")));
}

int run_program(int count, char** arguments) {
  CLI::App app{std::string(kAbout), "rorqual"};
  app.footer(std::string(kFirstSteps));
  app.get_formatter()->column_width(24);
  app.get_formatter()->label("SUBCOMMAND", "VERB");
  app.require_subcommand(0, 1);
  for (const auto& add_verb : kVerbs) {
    add_verb(app);
  }
  for (CLI::App* verb : app.get_subcommands(nullptr)) {
    verb->group("Verbs");
  }
  if (const auto problem = unknown_verb(app, count, arguments)) {
    return report(kUserFault, *problem);
  }
  try {
    app.parse(count, arguments);
  } catch (const CLI::Success& success) {  // --help
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return report(kUserFault, fmt::format("{} (see rorqual --help)", error.what()));
  }
  if (app.get_subcommands().empty()) {
    std::cout << app.help();
  }
  return kDone;
}

}  // namespace
}  // namespace rq

int main(int count, char** arguments) {
  using rq::report;
  rq::bound_spinning(arguments);
  rq::cache_tensor_memory();
  rq::catch_stop_signals();
  rq::ignore_write_signals();
  try {
    return rq::run_program(count, arguments);
  } catch (const rq::Interrupted&) {
    return report(rq::kStopped, "stopped, all work is saved; the same command continues it");
  } catch (const rq::pipeline::Waiting& waiting) {
    return report(rq::kStopped, waiting.what());
  } catch (const rq::MachineError& error) {
    return report(rq::kOurFault, error.what());
  } catch (const rq::Error& error) {
    return report(rq::kUserFault, error.what());
  } catch (const c10::Error& error) {
    return report(rq::kOurFault, error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return report(rq::kOurFault, "out of memory");
  } catch (const std::exception& error) {
    return report(rq::kOurFault, error.what());
  }
}
