#pragma once
// Judges the code in a model's answer by tests that the code never sees. Only values cross between
// the two: a program is given input and its output is compared out here; a function is called from
// another process, by value, and what it returns is compared there. So the code cannot read the
// tests, end them, answer in their place or change what "equal" means (docs/sandbox.md).
//
//   const CodeVerdict verdict = check_code(sandbox, answer, FunctionTests{.tests =
//       "assert add(2, 3) == 5\nassert add(-1, 1) == 0"});

#include <string>
#include <string_view>
#include <vector>

#include "reward/sandbox.h"

namespace rq::reward {

// Python functions, as HumanEval and MBPP test them.
struct FunctionTests {
  // What the code goes on from: imports, helpers, the head of the function. May be empty.
  std::string prefix;
  // Each `assert` in it is one test. They call what the code defines by its name; or they define
  // check(candidate), which is called with `entry_point`.
  std::string tests;
  std::string entry_point;  // empty where `tests` has no check()
};

// Programs that read and write, as LiveCodeBench and CodeContests test them.
struct InputTest {
  std::string input;
  std::string expected;  // blanks at the ends of lines and of the output do not count
};
struct InputTests {
  std::vector<InputTest> tests;
  double tolerance = 0;  // of numbers that are expected with a point or an exponent
};

struct CodeVerdict {
  int passed = 0;
  int total = 0;
  bool all_passed = false;
  std::string first_failure;  // a sentence; empty where all passed

  double share() const { return total == 0 ? 0 : static_cast<double>(passed) / total; }
};

// `limits` holds for all function tests together, and for each input by itself; after one input
// that runs out of time the others count as failed. A MachineError where the sandbox does not
// start, so that no answer is judged by what is not its fault. Any thread.
CodeVerdict check_code(const Sandbox& sandbox,
                       std::string_view answer,
                       const FunctionTests& tests,
                       const Limits& limits = {});
CodeVerdict check_code(const Sandbox& sandbox,
                       std::string_view answer,
                       const InputTests& tests,
                       const Limits& limits = {});

}  // namespace rq::reward
