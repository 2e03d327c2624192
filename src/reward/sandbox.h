#pragma once
// Runs programs that a model wrote, Python 3 or C++, where they can do no harm: in bubblewrap, with
// namespaces of their own, a read-only view of the few system folders that they need and of nothing
// else, no network, no privileges, few system calls, and limits on everything that they can use up.
// docs/sandbox.md says what is forbidden and how.
//
//   const Sandbox sandbox;
//   const Result result = sandbox.run({Language::kPython, "print(int(input()) ** 2)"}, "12\n");
//   // result.outcome == Outcome::kOk, result.standard_output == "144\n"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rq::reward {

enum class Language { kPython, kCpp, kMachineCode };

struct Program {
  Language language = Language::kPython;
  std::string text;  // or the bytes of an executable file
};

struct Limits {
  double wall_s = 10;
  double cpu_s = 10;                        // of one process with its threads; counted in seconds
  std::int64_t memory_bytes = 512LL << 20;  // held at once by all its processes and files
  std::int64_t folder_bytes = 64LL << 20;   // of its working folder, /tmp
  std::int64_t output_bytes = 1LL << 20;    // both outputs together
  int processes = 32;                       // and threads
  int open_files = 64;
};

enum class Outcome {
  kOk,            // it ended by itself, with exit code 0
  kExitCode,      // with another
  kSignal,        // a signal ended it; the exit code is 128 more than the signal's number
  kTime,          // it was ended for passing a limit: wall_s or cpu_s,
  kMemory,        // memory_bytes,
  kOutput,        // output_bytes
  kCompileError,  // the compiler refused it: standard_error says why
  kNotStarted,    // the sandbox could not start: standard_error says why; nothing has run
};
std::string_view name_of(Outcome outcome);

struct Result {
  Outcome outcome = Outcome::kNotStarted;
  int exit_code = 0;
  std::string standard_output;  // any bytes
  std::string standard_error;
  double wall_s = 0;
  double cpu_s = 0;             // of all processes, with the start of the sandbox
  std::int64_t peak_bytes = 0;  // looked at every 10 ms: a shorter program has none
};

struct Job {
  Program program;
  std::string input;
  Limits limits;
};

// Any thread may use one at any time. Nothing of a run is left when it returns; where this process
// dies, its sandboxes die with it.
class Sandbox {
 public:
  // Tries itself out. Where it cannot work here, an Error says what to install or to allow.
  Sandbox();

  // Runs `program` with `input` as its standard input. C++ is compiled first.
  Result run(const Program& program, std::string_view input, const Limits& limits = {}) const;

  // Runs them all, `workers` at a time; the results are in the order of the jobs.
  std::vector<Result> run_all(std::span<const Job> jobs, int workers) const;

  struct Compiled {
    Program program;  // what is to be run: machine code, or Python as it was
    Result result;    // kOk, kCompileError or kNotStarted
  };
  // Compiles C++ inside the sandbox, within limits of the compiler's own, to be run many times.
  Compiled compile(const Program& program) const;

 private:
  // Runs `command`, which finds `file` as /program.
  Result run_command(std::string_view file,
                     const std::vector<std::string>& command,
                     std::string_view input,
                     const Limits& limits) const;

  std::string filter_;  // of system calls
};

}  // namespace rq::reward
