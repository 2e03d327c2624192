// That solutions pass their tests, and others do not, in Python itself: one interpreter runs all.

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/format.h"
#include "base/json.h"
#include "reward/problem_generator.h"

namespace rq::reward {
namespace {

// Reads a list of {solution, setup, program, entry_point, cases}; says which fail, and by what.
constexpr auto kRunner = R"py(
import json, sys

def failure(answer, each):
    world = {}
    try:
        exec(each["setup"] + "\n" + answer + "\n" + each["program"], world)
        for case in each["cases"]:
            result = world[each["entry_point"]](*json.loads(case["input"]))
            assert json.dumps(result) == case["output"], (case, result)
    except Exception as error:
        return repr(error)

with open(sys.argv[1]) as file:
    problems = json.load(file)
for i, each in enumerate(problems):
    own = failure(each["solution"], each)
    if own:
        print("fails its own tests:", each["solution"], own)
    header, *lines = each["solution"].split("\n")
    name = header[header.index("(") + 1:header.index(")")]
    idle = [header] + ["    return " + name]
    if not failure("\n".join(idle), each):
        print("its input passes:", each["solution"])
    for j in range(len(lines) - 1):
        without = [header] + lines[:j] + lines[j + 1:]
        kept = lines[j].split(" = ")[0].strip()
        before = ([name] + [line.split(" = ")[0].strip() for line in lines[:j]])[-1]
        if kept == before and not failure("\n".join(without), each):
            print("passes without line", j + 1, ":", each["solution"])
    other = problems[i - 1]["solution"]
    is_short = other.count("\n") == 1 and len(lines) == 1  # longer ones can be equal in disguise
    if is_short and other != each["solution"] and not failure(other, each):
        print("the solution", other, "passes the tests of", each["solution"])
)py";

Json as_json(const Problem& problem) {
  Json cases = Json::array();
  for (const auto& each : problem.tests.cases) {
    cases.push_back({{"input", each.input}, {"output", each.output}});
  }
  return {{"solution", problem.answer},
          {"setup", problem.tests.setup},
          {"program", problem.tests.program},
          {"entry_point", problem.tests.entry_point},
          {"cases", cases}};
}

TEST(Functions, SolutionsPassTheirTestsInPythonAndShorterOnesDoNot) {
  Json problems = Json::array();
  for (const auto* kind :
       {"list-function", "text-function", "number-function", "inferred-function"}) {
    for (int difficulty = 1; difficulty <= kMostDifficulty; ++difficulty) {
      for (std::int64_t i = 0; i < 100; ++i) {
        problems.push_back(as_json(draw_problem(kind, difficulty, 13, i)));
      }
    }
  }
  const std::string base =
      (std::filesystem::path(testing::TempDir()) / fmt::format("functions_{}", ::getpid()))
          .string();
  write_file(base + ".py", kRunner);
  write_file(base + ".json", problems.dump());
  const std::string command = fmt::format("python3 '{0}.py' '{0}.json' > '{0}.txt' 2>&1", base);
  EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT(bugprone-command-processor): our own words
  EXPECT_EQ(read_file(base + ".txt"), "");
  for (const auto* ending : {".py", ".json", ".txt"}) {
    std::filesystem::remove(base + ending);
  }
}

TEST(Functions, ThePromptsExampleIsOneOfTheTests) {
  for (std::int64_t i = 0; i < 100; ++i) {
    const Problem problem = draw_problem("list-function", 3, 13, i);
    const std::size_t call = problem.prompt.find("solve([");
    const std::string shown = problem.prompt.substr(call + 5);  // "([1, 2])\n    3\n    \"\"\"\n"
    const std::size_t end = shown.find('\n');
    const std::string output = shown.substr(end + 5, shown.find('\n', end + 1) - end - 5);
    const std::string test =
        fmt::format("assert candidate{} == {}\n", shown.substr(0, end), output);
    EXPECT_NE(problem.tests.program.find(test), std::string::npos) << test;
  }
}

}  // namespace
}  // namespace rq::reward
