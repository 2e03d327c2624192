#include "reward/sandbox.h"

#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/threads.h"
#include "reward/internal/descriptor.h"
#include "reward/internal/process_tree.h"
#include "reward/internal/supervise.h"
#include "reward/internal/system_calls.h"
#include "reward/internal/walls.h"

namespace rq::reward {
namespace {

// A compiler is no stranger's program, but what it reads may make it run for ever.
constexpr Limits kCompilerLimits = {.wall_s = 60,
                                    .cpu_s = 30,
                                    .memory_bytes = 1LL << 30,
                                    .folder_bytes = 256LL << 20,
                                    .output_bytes = 64LL << 20,
                                    .processes = 16};

Outcome classify(const Ending& ending, const Limits& limits) {
  if (ending.too_much) {
    return *ending.too_much;
  }
  if (!ending.exit_code) {
    return Outcome::kNotStarted;
  }
  const int signal = *ending.exit_code - 128;
  if (signal == SIGXCPU || (signal == SIGKILL && ending.cpu_s >= limits.cpu_s)) {
    return Outcome::kTime;
  }
  if (signal > 0 && signal < NSIG) {
    return Outcome::kSignal;
  }
  return *ending.exit_code == 0 ? Outcome::kOk : Outcome::kExitCode;
}

std::string on_one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk:
      return "ended well";
    case Outcome::kExitCode:
      return "ended with an error";
    case Outcome::kSignal:
      return "was ended by a signal";
    case Outcome::kTime:
      return "ran out of time";
    case Outcome::kMemory:
      return "used too much memory";
    case Outcome::kOutput:
      return "wrote too much";
    case Outcome::kCompileError:
      return "did not compile";
    case Outcome::kNotStarted:
      return "could not be started";
  }
  return "";
}

Sandbox::Sandbox() : filter_(system_call_filter()) {
  for (const auto& [path, package] : {std::pair{"/usr/bin/bwrap", "bubblewrap"},
                                      {"/usr/bin/dash", "dash"},
                                      {"/usr/bin/python3", "python3"}}) {
    check(std::filesystem::exists(path),
          "programs that a model wrote are run only inside a sandbox, which needs {}: apt-get "
          "install {}",
          path,
          package);
  }
  check(can_list_children(),
        "this kernel does not tell the children of a process (CONFIG_PROC_CHILDREN), without which "
        "the memory of a sandbox cannot be limited");
  const Result trial = run_command("", {"/usr/bin/true"}, "", {});
  check(trial.outcome != Outcome::kNotStarted,
        "bubblewrap cannot make a sandbox here ({}): allow user namespaces as docs/sandbox.md says",
        on_one_line(trial.standard_error));
  check(trial.outcome == Outcome::kOk,
        "not even /usr/bin/true runs in a sandbox here: it {} ({})",
        name_of(trial.outcome),
        on_one_line(trial.standard_error));
}

Result Sandbox::run_command(std::string_view file,
                            const std::vector<std::string>& command,
                            std::string_view input,
                            const Limits& limits) const {
  Launch launch{.command = behind_walls(command, limits), .input = sealed_file(input), .given = {}};
  launch.given.push_back(sealed_file(filter_));
  launch.given.push_back(sealed_file(file));
  Ending ending = supervise(launch, limits);
  return {.outcome = classify(ending, limits),
          .exit_code = ending.exit_code.value_or(0),
          .standard_output = std::move(ending.standard_output),
          .standard_error = std::move(ending.standard_error),
          .wall_s = ending.wall_s,
          .cpu_s = ending.cpu_s,
          .peak_bytes = ending.peak_bytes};
}

Result Sandbox::run(const Program& program, std::string_view input, const Limits& limits) const {
  switch (program.language) {
    case Language::kPython:
      return run_command(program.text, {"/usr/bin/python3", "/program"}, input, limits);
    case Language::kMachineCode:
      return run_command(program.text, {"/program"}, input, limits);
    case Language::kCpp:
      break;
  }
  const Compiled compiled = compile(program);
  return compiled.result.outcome == Outcome::kOk ? run(compiled.program, input, limits)
                                                 : compiled.result;
}

std::vector<Result> Sandbox::run_all(std::span<const Job> jobs, int workers) const {
  std::vector<Result> results(jobs.size());
  for_each_index(jobs.size(), workers, [&](std::size_t i) {
    results[i] = run(jobs[i].program, jobs[i].input, jobs[i].limits);
  });
  return results;
}

Sandbox::Compiled Sandbox::compile(const Program& program) const {
  if (program.language != Language::kCpp) {
    Compiled as_it_is{.program = program, .result = {}};
    as_it_is.result.outcome = Outcome::kOk;
    return as_it_is;
  }
  check(std::filesystem::exists("/usr/bin/g++"),
        "answers in C++ are compiled with /usr/bin/g++, which is missing: apt-get install g++");
  Result result = run_command(
      program.text,
      {"/usr/bin/sh", "-c", "g++ -O2 -s -pipe -x c++ /program -o /tmp/it && cat /tmp/it"},
      "",
      kCompilerLimits);
  if (result.outcome == Outcome::kOk) {
    std::string code = std::exchange(result.standard_output, "");
    return {.program = {Language::kMachineCode, std::move(code)}, .result = std::move(result)};
  }
  if (result.outcome != Outcome::kNotStarted) {
    result.standard_error += fmt::format("the compiler {}", name_of(result.outcome));
    result.outcome = Outcome::kCompileError;
  }
  return {.program = {}, .result = std::move(result)};
}

}  // namespace rq::reward
