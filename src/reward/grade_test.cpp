#include "reward/grade.h"

#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "reward/problem.h"
#include "reward/problem_generator.h"
#include "reward/testing/with_sandbox.h"

namespace rq::reward {
namespace {

using Grading = WithSandbox;

Problem number(std::string answer) {
  return {.id = "n", .domain = Domain::kMath, .prompt = "How many?", .answer = std::move(answer)};
}

Problem function(CodeTests tests) {
  return {.id = "f", .domain = Domain::kCode, .prompt = "Add.", .tests = std::move(tests)};
}

TEST_F(Grading, TheLastBoxIsComparedAsMathematics) {
  const Grade right =
      grade(number("\\frac{1}{2}"), "It is \\boxed{2}, no, \\boxed{0.5}.", *sandbox_);
  EXPECT_TRUE(right.is_right);
  EXPECT_EQ(right.score, 1);
  const Grade wrong = grade(number("7"), "\\boxed{8}", *sandbox_);
  EXPECT_FALSE(wrong.is_right);
  EXPECT_EQ(wrong.score, 0);
  EXPECT_EQ(wrong.reason, "8 is not 7");
  EXPECT_EQ(grade(number("7"), "It is 7.", *sandbox_).reason, "there is no \\boxed{} answer");
}

TEST_F(Grading, AnOrderIsRightInItsOrderAlone) {
  Problem problem = number("A, C, B");
  EXPECT_TRUE(grade(problem, "\\boxed{A, B, C}", *sandbox_).is_right) << "a bare list is a set";
  problem.is_ordered = true;
  for (const char* const right : {"\\boxed{A, C, B}", "\\boxed{A,C,B}", "\\boxed{ (A, C, B) }"}) {
    EXPECT_TRUE(grade(problem, right, *sandbox_).is_right) << right;
  }
  for (const char* const wrong : {"\\boxed{A, B, C}",
                                  "\\boxed{A, C}",
                                  "\\boxed{A, C, B, D}",
                                  "\\boxed{}",
                                  "\\boxed{A C B}"}) {
    EXPECT_FALSE(grade(problem, wrong, *sandbox_).is_right) << wrong;
  }
  const Problem row = draw_problem("order", 2, 1, 0);
  ASSERT_TRUE(row.is_ordered);
  const std::size_t comma = row.answer.find(", ");
  const std::string turned = row.answer.substr(comma + 2) + ", " + row.answer.substr(0, comma);
  EXPECT_FALSE(grade(row, "\\boxed{" + turned + "}", *sandbox_).is_right) << turned;
  EXPECT_EQ(parse_problem(to_line(row), "here"), row);
}

TEST_F(Grading, FunctionsAreCalledWithTheCasesOfEitherForm) {
  const std::string cases = "def add(a, b):\n    return a + b if a < 5 else 0\n";
  const CodeTests tests = {
      .entry_point = "add",
      .program = "def check(candidate):\n    assert candidate(1, 1) == 2\n",
      .cases = {{"[2, 3]", "5"}, {"[5, 1]", "6"}, {"[\"ä\", \"b\"]", "\"äb\""}}};
  const Grade half = grade(function(tests), cases, *sandbox_);
  EXPECT_FALSE(half.is_right);
  EXPECT_DOUBLE_EQ(half.score, 0.5);  // 5 + 1 is wrong, and a text is not less than 5
  EXPECT_TRUE(grade(function(tests), "def add(a, b):\n    return a + b\n", *sandbox_).is_right);
  const CodeTests method = {.entry_point = "Solution().add", .cases = {{"[2, 3]", "5"}}};
  EXPECT_TRUE(grade(function(method),
                    "class Solution:\n    def add(self, a, b):\n        return a + b\n",
                    *sandbox_)
                  .is_right);
}

TEST_F(Grading, ProgramsAreComparedByWhatTheyWrite) {
  const CodeTests tests = {.cases = {{"2 3\n", "5\n"}, {"4 4\n", "8\n"}}};
  EXPECT_TRUE(grade(function(tests), "print(sum(map(int, input().split())))", *sandbox_).is_right);
  EXPECT_DOUBLE_EQ(grade(function(tests), "print(5)", *sandbox_).score, 0.5);
}

TEST_F(Grading, EveryGeneratedProblemsOwnSolutionsAreRight) {
  for (const ProblemKind& kind : problem_kinds()) {
    const Problem problem = draw_problem(kind.name, 2, 1, 3);
    for (const std::string& answer : {written_answer(problem.domain, problem.answer),
                                      problem.short_reasoning,
                                      "<think>" + problem.long_reasoning + "</think>" +
                                          written_answer(problem.domain, problem.answer)}) {
      const Grade graded = grade(problem, answer, *sandbox_);
      EXPECT_TRUE(graded.is_right) << kind.name << ": " << graded.reason << "\n" << answer;
    }
  }
}

}  // namespace
}  // namespace rq::reward
