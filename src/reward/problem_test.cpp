// Problems as lines of JSON: what comes back, and what is refused with which words.

#include "reward/problem.h"

#include <string>

#include <gtest/gtest.h>

#include "base/check.h"

namespace rq::reward {
namespace {

std::string error_of(const std::string& line) {
  try {
    parse_problem(line, "set.jsonl:12");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Problem, ComesBackFromItsLine) {
  const Problem problem{.id = "twice-1",
                        .domain = Domain::kCode,
                        .kind = "list-function",
                        .difficulty = 2,
                        .prompt = "Write \"solve\".\n",
                        .answer = "def solve(x):\n    return 2 * x",
                        .tests = {.entry_point = "solve",
                                  .setup = "import math\n",
                                  .program = "assert solve(1) == 2\n",
                                  .cases = {{.input = "[1]", .output = "2"}}},
                        .short_reasoning = "short",
                        .long_reasoning = "long"};
  const std::string line = to_line(problem);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(parse_problem(line, "x"), problem);
}

TEST(Problem, MembersWithoutContentAreLeftOut) {
  const Problem problem{.id = "sum-1", .kind = "sum", .prompt = "1 + 1?", .answer = "2"};
  EXPECT_EQ(to_line(problem),
            R"({"id":"sum-1","domain":"math","kind":"sum","difficulty":0,"prompt":"1 + 1?",)"
            R"("answer":"2"})");
  EXPECT_EQ(parse_problem(to_line(problem), "x"), problem);
}

TEST(Problem, ErrorsNameThePlaceAndTheMember) {
  const std::string start = R"({"id": "a", "domain": "math", "kind": "sum", "prompt": "?")";
  EXPECT_EQ(error_of("{"), "set.jsonl:12: not JSON at byte 2 (1 bytes in all)");
  EXPECT_EQ(error_of("[]"), "set.jsonl:12: not a JSON object but array");
  EXPECT_EQ(error_of(start + "}"), "set.jsonl:12: there is no member \"difficulty\"");
  EXPECT_EQ(error_of(start + R"(, "difficulty": 6})"),
            "set.jsonl:12: \"difficulty\" is 6, not a whole number from 0 to 5");
  EXPECT_EQ(error_of(start + R"(, "difficulty": 1, "answer": 7})"),
            "set.jsonl:12: \"answer\" is not text but number");
  EXPECT_EQ(error_of(start + R"(, "difficulty": 1})"),
            "set.jsonl:12: \"answer\" is missing or empty");
  EXPECT_EQ(error_of(start + R"(, "difficulty": 1, "answr": "7"})"),
            "set.jsonl:12: unknown member \"answr\"");
}

TEST(Problem, ErrorsOfTestsNameTheCase) {
  const std::string start =
      R"({"id": "a", "domain": "code", "kind": "f", "prompt": "?", "difficulty": 1, "tests": )";
  EXPECT_EQ(error_of(start + R"({"entry_point": "f"}})"),
            "set.jsonl:12: \"tests\" hold neither a program nor a case");
  EXPECT_EQ(error_of(start + R"({"cases": [{"input": "", "output": ""}, {"input": "1"}]}})"),
            "set.jsonl:12: \"tests\": case 2: there is no member \"output\"");
  EXPECT_EQ(error_of(start + R"({"cases": 3}})"),
            "set.jsonl:12: \"tests\": \"cases\" is not a list but number");
}

TEST(Problem, TestsBelongToCodeAlone) {
  EXPECT_EQ(error_of(R"({"id": "a", "domain": "logic", "kind": "k", "prompt": "?",)"
                     R"( "difficulty": 1, "answer": "x", "tests": {"program": "p"}})"),
            "set.jsonl:12: \"tests\" belong to code alone");
}

TEST(Problem, AnUnknownDomainIsRefused) {
  EXPECT_EQ(error_of(R"({"id": "a", "domain": "music", "difficulty": 1})"),
            "set.jsonl:12: \"domain\" is \"music\", which is none of math, code, logic");
}

TEST(StatedAnswer, IsBoxedOrFenced) {
  EXPECT_EQ(written_answer(Domain::kMath, "3/4"), "\\boxed{3/4}");
  EXPECT_EQ(written_answer(Domain::kLogic, "A, B"), "\\boxed{A, B}");
  EXPECT_EQ(written_answer(Domain::kCode, "x = 1"), "```python\nx = 1\n```");
}

}  // namespace
}  // namespace rq::reward
