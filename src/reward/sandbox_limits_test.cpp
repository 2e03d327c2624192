// Programs that use up everything they can reach: each is held to its limit.
#include <cstdint>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "reward/sandbox.h"
#include "reward/testing/with_sandbox.h"

namespace rq::reward {
namespace {

struct Greedy {
  std::string name;
  std::string program;  // Python
  Limits limits;
  Outcome outcome;
  std::string standard_output;  // of those that end by themselves
};

std::ostream& operator<<(std::ostream& out, const Greedy& greedy) {
  return out << greedy.name;
}

constexpr std::int64_t kMegabyte = 1LL << 20;

const Greedy kGreedy[] = {
    {"EndlessLoop", "while True: pass", {.cpu_s = 1}, Outcome::kTime, ""},
    {"PowerTower", "print(9**9**9)", {.wall_s = 0.5}, Outcome::kTime, ""},
    {"EndlessSleep", "import time\ntime.sleep(1e6)", {.wall_s = 0.3}, Outcome::kTime, ""},
    {"EndlessReading",
     "import sys\nwhile True: sys.stdin.read()",
     {.wall_s = 0.5},
     Outcome::kTime,
     ""},
    {"SignalsIgnored",
     R"(
import signal, time
for number in range(1, 65):
  try: signal.signal(number, signal.SIG_IGN)
  except (OSError, ValueError): pass
while True: time.sleep(1))",
     {.wall_s = 0.5},
     Outcome::kTime,
     ""},
    {"CpuLimitIgnored",
     "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
     {.cpu_s = 1},
     Outcome::kTime,
     ""},
    {"CpuLimitRaised",
     R"(
import resource
try: resource.setrlimit(resource.RLIMIT_CPU, (100, 100))
except ValueError: print("refused", flush=True)
while True: pass)",
     {.cpu_s = 1},
     Outcome::kTime,
     "refused\n"},
    {"ForkBomb",
     R"(
import os
while True:
  try: os.fork()
  except OSError: pass)",
     {.wall_s = 0.7},
     Outcome::kTime,
     ""},
    {"ProcessesAreCounted",
     R"(
import os, signal
made = 0
try:
  while True:
    if os.fork() == 0: signal.pause()
    made += 1
except BlockingIOError: print(made + 1))",
     {.processes = 5},
     Outcome::kOk,
     "5\n"},
    {"Threads",
     R"(
import threading
event = threading.Event()
try:
  while True: threading.Thread(target=event.wait, daemon=True).start()
except RuntimeError: print(threading.active_count()))",
     {.processes = 5},
     Outcome::kOk,
     // The one that could not be started is counted too.
     "5\n"},
    {"MemoryHog",
     "kept = []\nwhile True: kept.append(bytes(1 << 20) + b'x')",
     {.memory_bytes = 64 * kMegabyte},
     Outcome::kMemory,
     ""},
    {"MemoryOfManyProcesses",
     R"(
import os, signal
for _ in range(8):
  if os.fork() == 0:
    kept = b'x' * (20 << 20)
    signal.pause()
signal.pause())",
     {.memory_bytes = 100 * kMegabyte},
     Outcome::kMemory,
     ""},
    {"MoreAddressesThanThereAre",
     "try: bytearray(1 << 40)\nexcept MemoryError: print('refused')",
     {},
     Outcome::kOk,
     "refused\n"},
    {"EndlessOutput", "while True: print('x' * 1000)", {}, Outcome::kOutput, ""},
    {"EndlessErrors",
     "import sys\nwhile True: print('x' * 1000, file=sys.stderr)",
     {},
     Outcome::kOutput,
     ""},
    {"FullDisk",
     R"(
import os
written = 0
try:
  for name in range(100):
    with open(f"/tmp/{name}", "wb", buffering=0) as file:
      for _ in range(4): written += file.write(bytes(1 << 20))
except OSError as error: print(written >> 20, error.strerror))",
     {.folder_bytes = 8 * kMegabyte},
     Outcome::kOk,
     "8 No space left on device\n"},
    {"EndlesslyManyFiles",
     "for name in range(10**9): open(f'/tmp/{name}', 'w').close()",
     {.memory_bytes = 64 * kMegabyte},
     Outcome::kMemory,
     ""},
    {"EndlesslyManyLinks",
     "import os\nfor name in range(10**9): os.symlink('x' * 1000, f'/tmp/{name}')",
     {.memory_bytes = 64 * kMegabyte},
     Outcome::kMemory,
     ""},
    {"OpenFiles",
     R"(
kept = []
try:
  while True: kept.append(open("/program"))
except OSError as error: print(len(kept) + 3, error.strerror))",
     {.open_files = 20},
     Outcome::kOk,
     "20 Too many open files\n"},
    {"MemoryOutsideOfProcesses",
     R"(
import ctypes, os
try: os.memfd_create("x")
except OSError as error: print(error.strerror)
print(ctypes.CDLL(None).shmget(0, 1 << 20, 0o1600)))",
     {},
     Outcome::kOk,
     "Function not implemented\n-1\n"},
    {"DeepRecursion",
     R"(
import sys
sys.setrecursionlimit(10**9)
def deeper(x): return deeper(x) + 1
deeper(0))",
     {.memory_bytes = 64 * kMegabyte},
     Outcome::kMemory,
     ""},
};

class Limited : public WithSandbox, public testing::WithParamInterface<Greedy> {};

TEST_P(Limited, IsHeldToItsLimit) {
  const Greedy& greedy = GetParam();
  const Result result = run_python(greedy.program, greedy.limits);
  EXPECT_EQ(name_of(result.outcome), name_of(greedy.outcome)) << result.standard_error;
  if (greedy.outcome == Outcome::kOutput) {
    EXPECT_EQ(std::ssize(result.standard_output) + std::ssize(result.standard_error),
              greedy.limits.output_bytes);
  } else {
    EXPECT_EQ(result.standard_output, greedy.standard_output) << result.standard_error;
  }
  if (greedy.outcome == Outcome::kMemory) {
    EXPECT_GT(result.peak_bytes, greedy.limits.memory_bytes);
  }
  EXPECT_LT(result.wall_s, greedy.limits.wall_s + 5);
}

INSTANTIATE_TEST_SUITE_P(Programs, Limited, testing::ValuesIn(kGreedy), [](const auto& test) {
  return test.param.name;
});

}  // namespace
}  // namespace rq::reward
