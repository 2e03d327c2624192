#include "reward/sandbox.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/format.h"
#include "base/rng.h"
#include "reward/internal/process_tree.h"
#include "reward/testing/with_sandbox.h"

namespace rq::reward {
namespace {

class SandboxTest : public WithSandbox {};

// The exit code of `act` in a process of its own.
int in_another_process(const std::function<int()>& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(act());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(SandboxTest, PythonReadsItsInputAndIsMeasured) {
  const Result result = sandbox_->run({Language::kPython, R"(
import time
print(int(input()) ** 2)
kept = b'x' * (50 << 20)
began = time.process_time()
while time.process_time() < began + 0.2: pass)"},
                                      "12\n");
  EXPECT_EQ(result.outcome, Outcome::kOk) << result.standard_error;
  EXPECT_EQ(result.standard_output, "144\n");
  EXPECT_EQ(result.standard_error, "");
  EXPECT_GT(result.cpu_s, 0.2);
  EXPECT_LT(result.cpu_s, 2);
  EXPECT_GT(result.wall_s, 0.2);
  EXPECT_GT(result.peak_bytes, 50 << 20);
  EXPECT_LT(result.peak_bytes, 100 << 20);
}

TEST_F(SandboxTest, HowAProgramEndedIsTold) {
  EXPECT_EQ(run_python("").outcome, Outcome::kOk);
  const Result error = run_python("raise ValueError('so it is')");
  EXPECT_EQ(error.outcome, Outcome::kExitCode);
  EXPECT_EQ(error.exit_code, 1);
  EXPECT_NE(error.standard_error.find("ValueError: so it is"), std::string::npos);
  EXPECT_EQ(run_python("exit(7)").exit_code, 7);
  EXPECT_EQ(error.standard_output, "");
  const Result signal = run_python("import os\nos.abort()");
  EXPECT_EQ(signal.outcome, Outcome::kSignal);
  EXPECT_EQ(signal.exit_code, 128 + SIGABRT);
  EXPECT_EQ(signal.standard_error, "");
  EXPECT_EQ(run_python("import os\nos.kill(os.getpid(), 9)").outcome, Outcome::kSignal);
}

TEST_F(SandboxTest, OutputMayBeAnyBytes) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) {
    all += static_cast<char>(byte);
  }
  EXPECT_EQ(run_python("import sys\nsys.stdout.buffer.write(bytes(range(256)))").standard_output,
            all);
  const Result echo = sandbox_->run(
      {Language::kPython, "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())"}, all);
  EXPECT_EQ(echo.standard_output, all);
}

TEST_F(SandboxTest, WhatOrdinaryProgramsUseIsThere) {
  const Result result = run_python(R"py(
import asyncio, concurrent.futures, multiprocessing, os, sqlite3, subprocess, tempfile, threading
def square(x): return x * x
async def wait():
  await asyncio.sleep(0.001)
  return "waited"
print(asyncio.run(wait()))
with multiprocessing.Pool(2) as pool: print(pool.map(square, range(4)))
with concurrent.futures.ThreadPoolExecutor(2) as threads: print(list(threads.map(square, range(4))))
print(subprocess.run(["python3", "-c", "print(input())"], input="x", text=True, capture_output=True))
with tempfile.NamedTemporaryFile("w+") as file:
  file.write("y")
  file.seek(0)
  print(file.read(), os.path.dirname(file.name))
print(sqlite3.connect(":memory:").execute("select 1 + 1").fetchone(), os.cpu_count() > 0)
)py");
  EXPECT_EQ(result.standard_output,
            "waited\n[0, 1, 4, 9]\n[0, 1, 4, 9]\n"
            "CompletedProcess(args=['python3', '-c', 'print(input())'], returncode=0, "
            "stdout='x\\n', stderr='')\ny /tmp\n(2,) True\n")
      << result.standard_error;
}

TEST_F(SandboxTest, SetsHaveTheSameOrderInEveryRun) {
  const std::string program = "print(set('abcdefghijklmnopqrstuvwxyz'))";
  EXPECT_EQ(run_python(program).standard_output, run_python(program).standard_output);
}

TEST_F(SandboxTest, CppIsCompiledOnceAndRunOften) {
  const auto [program, compilation] = sandbox_->compile({Language::kCpp, R"(
#include <iostream>
int main() {
  int x;
  std::cin >> x;
  std::cout << 2 * x;
})"});
  ASSERT_EQ(compilation.outcome, Outcome::kOk) << compilation.standard_error;
  EXPECT_EQ(sandbox_->run(program, "12").standard_output, "24");
  EXPECT_EQ(sandbox_->run(program, "-1").standard_output, "-2");
}

TEST_F(SandboxTest, WhatDoesNotCompileSaysWhy) {
  const Result result = sandbox_->run({Language::kCpp, "int main() { return x; }"}, "");
  EXPECT_EQ(result.outcome, Outcome::kCompileError);
  EXPECT_NE(result.standard_error.find("was not declared"), std::string::npos);
  // Nor does a compiler read for it what it must not see.
  const Result curious = sandbox_->run({Language::kCpp, "#include \"/etc/passwd\""}, "");
  EXPECT_NE(curious.standard_error.find("No such file"), std::string::npos);
}

TEST_F(SandboxTest, CppRunsIntoTheEndOfItsStack) {
  const Result result = sandbox_->run({Language::kCpp, R"(
int deeper(volatile int* last) {
  volatile int here[256] = {*last};
  return deeper(here) + here[1];
}
int main() {
  volatile int first = 0;
  return deeper(&first);
})"},
                                      "");
  EXPECT_EQ(result.exit_code, 128 + SIGSEGV) << name_of(result.outcome);
}

struct Behaviour {
  const char* program;  // {} is the number of the job
  Outcome outcome;
};

TEST_F(SandboxTest, ManyAtOnceGiveTheirResultsInOrderAndLeaveNothing) {
  const Behaviour behaviours[] = {
      {"print({})", Outcome::kOk},
      {"print({}, flush=True)\nexit(3)", Outcome::kExitCode},
      {"import os\nprint({}, flush=True)\nos.abort()", Outcome::kSignal},
      {"import time\nprint({}, flush=True)\ntime.sleep(1e6)", Outcome::kTime},
      {"print({}, flush=True)\nkept = []\nwhile True: kept.append(b'x' * 1000000)",
       Outcome::kMemory},
      {"print({}, flush=True)\nwhile True: print('x' * 1000)", Outcome::kOutput},
      {"import os\nprint({}, flush=True)\nif os.fork() == 0:\n  os.setsid()\n  while True: pass",
       Outcome::kOk},
  };
  Rng rng(7, "test");
  std::vector<Job> jobs(32);
  std::vector<Outcome> expected;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const Behaviour& behaviour = behaviours[rng.below(std::size(behaviours))];
    jobs[i] = {.program = {Language::kPython, fmt::format(fmt::runtime(behaviour.program), i)},
               .input = "",
               .limits = {.wall_s = behaviour.outcome == Outcome::kTime ? 3.0 : 60.0,
                          .memory_bytes = 64 << 20}};
    expected.push_back(behaviour.outcome);
  }
  const std::vector<Result> results = sandbox_->run_all(jobs, 32);
  ASSERT_EQ(results.size(), jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    EXPECT_EQ(name_of(results[i].outcome), name_of(expected[i]))
        << jobs[i].program.text << results[i].standard_error;
    EXPECT_TRUE(results[i].standard_output.starts_with(fmt::format("{}\n", i)));
  }
}

TEST_F(SandboxTest, ItIsNotDisturbedByAProgramThatIgnoresItsChildren) {
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  const Result result = run_python("exit(5)");
  ::signal(SIGCHLD, before);
  EXPECT_EQ(result.outcome, Outcome::kExitCode);
  EXPECT_EQ(result.exit_code, 5);
}

TEST_F(SandboxTest, WorksForAnOrdinaryUser) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "all tests run as one";
  }
  EXPECT_EQ(in_another_process([] {
              const bool is_ordinary = ::setgroups(0, nullptr) == 0 &&
                                       ::setresgid(1000, 1000, 1000) == 0 &&
                                       ::setresuid(1000, 1000, 1000) == 0;
              const Result result = Sandbox().run({Language::kPython, "exit(4)"}, "");
              return is_ordinary ? result.exit_code : 0;
            }),
            4);
}

TEST_F(SandboxTest, SaysWhatToAllowWhereThereAreNoNamespaces) {
  EXPECT_EQ(in_another_process([] {
              if (::unshare(CLONE_NEWUSER) != 0) {  // where nobody may make another one
                return 2;
              }
              try {
                const Sandbox sandbox;
              } catch (const Error& error) {
                const std::string why = error.what();
                return why.find("allow user namespaces") != std::string::npos ? 0 : 3;
              }
              return 1;
            }),
            0);
}

// Whether `process` or one below it comes to hold more than `bytes`.
bool grows_to(pid_t process, std::int64_t bytes) {
  for (int i = 0; i < 100'000 && parent_of(process) != 0; ++i) {
    if (resident_bytes(process) > bytes) {
      return true;
    }
    std::this_thread::yield();
  }
  return false;
}

TEST_F(SandboxTest, DiesWithTheProcessThatStartedIt) {
  const pid_t starter = ::fork();
  if (starter == 0) {
    run_python("kept = b'x' * (200 << 20)\nwhile True: pass", {.wall_s = 1000, .cpu_s = 1000});
    ::_exit(0);
  }
  ASSERT_TRUE(grows_to(starter, 200 << 20));
  ::kill(starter, SIGKILL);
  while (::waitpid(-1, nullptr, 0) > 0) {  // hangs where one does not die
  }
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace rq::reward
