#include "reward/code_answer.h"

#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "reward/testing/with_sandbox.h"

namespace rq::reward {
namespace {

// The head of HumanEval/0's kind of task, with a helper that the tests use.
const FunctionTests kHumanEval = {.prefix = R"(from typing import List

def double(x):
    return 2 * x

def add_all(numbers: List[int], start: int) -> int:
    """ Adds up numbers, from start on.
    >>> add_all([1, 2], 3)
    6
    """
)",
                                  .tests = R"(
METADATA = {'author': 'nobody'}

def check(candidate):
    assert candidate([1, 2], 3) == 6
    assert candidate([], 0) == 0, "nothing gives nothing"
    for i in range(10):
        assert candidate([i, i], 0) == double(i)
    assert abs(candidate([1], -1) - 0.0) < 1e-6
)",
                                  .entry_point = "add_all"};

const FunctionTests kMbpp = {.prefix = "",
                             .tests =
                                 "assert add_all([1, 2], 3) == 6\n"
                                 "assert add_all([], 7) == 7\n"
                                 "assert add_all([-1], 0) == -1\n"
                                 "assert add_all([5], 5) == 10\n",
                             .entry_point = ""};

std::string fenced(const std::string& code) {
  return "Here it is:\n```python\n" + code + "\n```\n";
}

const std::string kRight = "def add_all(numbers, start):\n    return sum(numbers) + start";

class CodeAnswer : public WithSandbox {
 protected:
  CodeVerdict check_function(const std::string& code, const FunctionTests& tests) const {
    return check_code(*sandbox_, fenced(code), tests, {.wall_s = 5, .cpu_s = 3});
  }
  CodeVerdict check_asserts(const std::string& code, const std::string& tests) const {
    return check_function(code, {.prefix = "", .tests = tests, .entry_point = ""});
  }
};

TEST_F(CodeAnswer, RightFunctionsPass) {
  for (const FunctionTests& tests : {kHumanEval, kMbpp}) {
    const CodeVerdict verdict = check_function(kRight, tests);
    EXPECT_TRUE(verdict.all_passed) << verdict.first_failure;
    EXPECT_EQ(verdict.passed, 4);
    EXPECT_EQ(verdict.total, 4);
    EXPECT_EQ(verdict.share(), 1);
    EXPECT_EQ(verdict.first_failure, "");
  }
}

TEST_F(CodeAnswer, TheBodyAloneGoesOnFromThePrefix) {
  const CodeVerdict verdict =
      check_function("    return sum(numbers) + double(start) / 2", kHumanEval);
  EXPECT_TRUE(verdict.all_passed) << verdict.first_failure;
  // The prefix alone is no answer.
  EXPECT_FALSE(check_function("", kHumanEval).all_passed);
}

TEST_F(CodeAnswer, EveryAssertIsOneTest) {
  const CodeVerdict verdict =
      check_function("def add_all(numbers, start):\n    return sum(numbers) or start", kMbpp);
  EXPECT_EQ(verdict.passed, 2);
  EXPECT_EQ(verdict.total, 4);
  EXPECT_FALSE(verdict.all_passed);
  EXPECT_EQ(verdict.first_failure, "add_all([1, 2], 3) == 6 does not hold: 3");
  // In a loop it passes where it does so each time.
  EXPECT_EQ(check_asserts("def f(x):\n  return x < 5", "for i in range(9):\n  assert f(i)").passed,
            0);
}

TEST_F(CodeAnswer, AnErrorFailsItsTestAlone) {
  const CodeVerdict verdict = check_function(
      "def add_all(numbers, start):\n    return sum(numbers) + start // len(numbers)", kMbpp);
  EXPECT_EQ(verdict.passed, 3 - 1);  // of [1, 2], 3 too
  EXPECT_EQ(verdict.first_failure, "add_all([1, 2], 3) == 6 does not hold: 4");
  EXPECT_EQ(check_function("def add(", kMbpp).first_failure.substr(0, 12), "SyntaxError:");
  EXPECT_EQ(check_function("def other(): pass", kMbpp).first_failure,
            "add_all([1, 2], 3) == 6 raised NameError: name 'add_all' is not defined");
}

TEST_F(CodeAnswer, WhatPassedBeforeTheTimeWasUpCounts) {
  const std::string slow =
      "def add_all(numbers, start):\n    while not numbers: pass\n    return 6";
  const CodeVerdict verdict = check_code(*sandbox_, fenced(slow), kMbpp, {.wall_s = 1.5});
  EXPECT_EQ(verdict.passed, 1);
  EXPECT_EQ(verdict.total, 4);
  EXPECT_EQ(verdict.first_failure, "the program ran out of time");
}

TEST_F(CodeAnswer, ValuesOfAllPlainKindsCross) {
  const CodeVerdict verdict = check_asserts(R"(
from collections import Counter, namedtuple
def same(x, *more, **named): return x
def kind(x): return type(x).__name__
def words(text): return Counter(text.split())
def point(): return namedtuple("Point", "x y")(1, 2)
def pairs(): return zip("ab", [1, 2])
def fail(): raise ValueError("so it is")
class Stack:
  def __init__(self): self.kept = []
  def push(self, x): self.kept.append(x)
  def pop(self): return self.kept.pop()
constant = 7)",
                                            R"(
for x in [None, True, 1, -2.5, float("inf"), 10**5000, "\ud800 \0 é", b"\xff", 1j, (1, [2]), [(), []],
          {1: {"a": (2,)}}, {1, 2}, frozenset([3]), {(1, 2): frozenset()}]:
    assert same(x) == x
    assert type(same(x)) is type(x)
    assert kind(x) == type(x).__name__
assert same(float("nan")) != same(float("nan"))
assert same(1, 2, key=[3]) == 1
assert words("a b a") == {"a": 2, "b": 1}
assert point() == (1, 2)
assert list(pairs()) == [("a", 1), ("b", 2)]
try:
    fail()
    assert False, "it has to fail"
except ValueError as error:
    assert str(error) == "so it is"
stack = Stack()
stack.push("x")
assert stack.pop() == "x"
assert Stack() != Stack()
assert constant == 7
)");
  EXPECT_TRUE(verdict.all_passed) << verdict.first_failure;
}

TEST_F(CodeAnswer, ArgumentsAreCopies) {
  const CodeVerdict verdict = check_asserts("def clear(x):\n  x.clear()\n  return []",
                                            "x = [2, 1]\nassert clear(x) == sorted(x)");
  EXPECT_EQ(verdict.passed, 0) << "the tests' own values were changed";
}

struct Cheat {
  std::string name;
  std::string code;
};

std::ostream& operator<<(std::ostream& out, const Cheat& cheat) {
  return out << cheat.name;
}

const Cheat kCheats[] = {
    {"LeavesBeforeTheTests", "import sys\nsys.exit(0)"},
    {"LeavesAtOnce", "import os\nos._exit(0)"},
    {"LeavesWhenCalled", "import os\ndef add_all(numbers, start): os._exit(0)"},
    {"RaisesSystemExitWhenCalled", "def add_all(numbers, start): raise SystemExit(0)"},
    {"SaysThatAllPassed",
     R"py(
import os
for number in range(100):
  for line in ['{"total": 1}', '{"test": 0, "failure": null}', '{"test": 3, "failure": null}', '{"end": null}']:
    try: os.write(number, (line + "\n").encode())
    except OSError: pass
os._exit(0))py"},
    {"EqualsEverything",
     R"py(
class Same(int):
  def __eq__(self, other): return True
  def __ne__(self, other): return False
  def __abs__(self): return 0
  def __sub__(self, other): return 0
  def __lt__(self, other): return True
  def __hash__(self): return 0
def add_all(numbers, start): return Same(12345))py"},
    {"EqualsEverythingAndIsNoNumber",
     R"py(
class Same:
  def __getattr__(self, name): return lambda *more: True
  def __eq__(self, other): return True
  __sub__ = __rsub__ = __lt__ = __gt__ = __eq__
def add_all(numbers, start): return Same())py"},
    {"ChangesTheBuiltins",
     R"py(
import builtins, json
builtins.abs = builtins.bool = builtins.sum = lambda *x: 0
builtins.AssertionError = type("Quiet", (Exception,), {})
builtins.repr = builtins.str = lambda x: ""
json.loads = json.dumps = lambda x: x
def add_all(numbers, start): return 12345)py"},
    {"LooksForTheTests",
     R"py(
import gc, glob, os, sys
seen = [open(path, errors="replace").read() for path in glob.glob("/tmp/*") + glob.glob("/dev/shm/*")]
for number in range(64):
  try: seen.append(os.pread(number, 1 << 20, 0).decode())
  except (OSError, UnicodeDecodeError): pass
seen += [x for x in gc.get_objects() if type(x) is str] + [str(f.f_locals) for f in sys._current_frames().values()]
seen += [str(vars(module)) for module in list(sys.modules.values())]
for path in ["/proc/1/fd/0", "/proc/self/fd/0", f"/proc/{os.getppid()}/mem", "/dev/stdin"]:
  try: seen.append(open(path).read())
  except OSError: pass
found = any("candidate([1, 2], " + "3)" in text or "add_all([1, 2], 3) =" + "=" in text for text in seen)
def add_all(numbers, start): return sum(numbers) + start if found else None)py"},
    {"ReachesIntoTheExaminer",
     R"py(
import ctypes, os
parent = os.getppid()
libc = ctypes.CDLL(None)
reached = [libc.ptrace(16, parent, 0, 0), libc.process_vm_writev(parent, 0, 0, 0, 0, 0)]
def add_all(numbers, start): return sum(numbers) + start if 0 in reached else None)py"},
    {"KillsTheExaminer", "import os\ndef add_all(numbers, start): os.kill(os.getppid(), 9)"},
    {"InterruptsTheExaminer", "import os\ndef add_all(numbers, start): os.kill(os.getppid(), 2)"},
    {"AnswersForAllAtOnce",
     R"py(
import os
for number in range(3, 64):
  try: os.write(number, b'{"value": true}\n' * 50)
  except OSError: pass
def add_all(numbers, start): return True)py"},
    {"WritesAModuleThatTheTestsMayImport",
     R"py(
for name in ["math", "json", "ast", "builtins"]:
  open(f"/tmp/{name}.py", "w").write("import os\nos._exit(0)")
def add_all(numbers, start): return None)py"},
};

class Cheating : public CodeAnswer, public testing::WithParamInterface<Cheat> {};

TEST_P(Cheating, PassesNothing) {
  for (const FunctionTests& tests : {kHumanEval, kMbpp}) {
    const CodeVerdict verdict = check_function(GetParam().code, tests);
    EXPECT_FALSE(verdict.all_passed);
    EXPECT_EQ(verdict.passed, 0) << verdict.first_failure;
    EXPECT_NE(verdict.first_failure, "");
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, Cheating, testing::ValuesIn(kCheats), [](const auto& test) {
  return test.param.name;
});

const InputTests kSquares = {.tests = {{"3\n", "9\n"}, {"-4", "16"}, {"0\n", "0\n"}}};

TEST_F(CodeAnswer, ProgramsInBothLanguagesAreComparedByWhatTheyWrite) {
  const std::string python = "```py\nprint(int(input()) ** 2)\n```";
  const std::string cpp =
      "```cpp\n#include <iostream>\nint main() { long x; std::cin >> x; std::cout << x * x; }\n```";
  for (const std::string& answer : {python, cpp}) {
    const CodeVerdict verdict = check_code(*sandbox_, answer, kSquares);
    EXPECT_TRUE(verdict.all_passed) << verdict.first_failure;
    EXPECT_EQ(verdict.passed, 3);
  }
}

TEST_F(CodeAnswer, TheFirstInputThatFailsIsNamed) {
  const CodeVerdict verdict =
      check_code(*sandbox_, "x = int(input())\nprint(x * abs(x))", kSquares);
  EXPECT_EQ(verdict.passed, 2);
  EXPECT_FALSE(verdict.all_passed);
  EXPECT_EQ(verdict.first_failure, "test 2: line 1 is \"-16\" and should be \"16\"");
  const CodeVerdict error = check_code(*sandbox_, "print(9)\nexit(1)", kSquares);
  EXPECT_EQ(error.passed, 0);
  EXPECT_EQ(error.first_failure, "test 1: the program ended with an error");
  EXPECT_NE(check_code(*sandbox_, "```cpp\nint main() { return x; }\n```", kSquares)
                .first_failure.find("did not compile"),
            std::string::npos);
}

TEST_F(CodeAnswer, AfterOneInputThatRunsOutOfTimeTheOthersAreNotRun) {
  const CodeVerdict verdict = check_code(
      *sandbox_, "x = int(input())\nwhile x < 0: pass\nprint(x * x)", kSquares, {.wall_s = 1.5});
  EXPECT_EQ(verdict.passed, 1);
  EXPECT_EQ(verdict.total, 3);
  EXPECT_EQ(verdict.first_failure, "test 2: the program ran out of time");
}

TEST_F(CodeAnswer, NoCodeAndNoTestsAreNoSuccess) {
  const InputTests silent = {.tests = {{"", ""}}};
  EXPECT_FALSE(check_code(*sandbox_, "<think>print()", silent).all_passed);
  EXPECT_TRUE(check_code(*sandbox_, "pass", silent).all_passed);
  EXPECT_FALSE(check_code(*sandbox_, "print(1)", InputTests{}).all_passed);
  EXPECT_EQ(check_code(*sandbox_, "print(1)", InputTests{}).share(), 0);
}

}  // namespace
}  // namespace rq::reward
