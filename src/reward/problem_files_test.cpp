// Files as people have them, in the form in which they are published; what is broken in them, and
// in which words that is said.

#include "reward/problem_files.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "base/json.h"
#include "reward/problem.h"

namespace rq::reward {
namespace {

class ProblemFiles : public testing::Test {
 protected:
  void SetUp() override { make_folder(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  ProblemFile read(const std::string& name,
                   std::string_view bytes,
                   BrokenLines broken = BrokenLines::kStop) const {
    write_file(folder_ / name, bytes);
    return read_problems(folder_ / name, broken);
  }
  // The one problem of a file of one line.
  Problem read_one(const Json& object) const {
    const ProblemFile file = read("one.jsonl", object.dump() + "\n");
    EXPECT_EQ(file.problems.size(), 1U);
    return file.problems.at(0);
  }
  // What is wrong with a file of one line, without the place.
  std::string fault(const Json& object) const {
    const ProblemFile file = read("one.jsonl", object.dump(), BrokenLines::kSkip);
    const std::string place = (folder_ / "one.jsonl").string() + ":1: ";
    EXPECT_EQ(file.broken.size(), 1U);
    EXPECT_TRUE(file.broken.at(0).starts_with(place)) << file.broken.at(0);
    return file.broken.at(0).substr(place.size());
  }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / fmt::format("problem_files_{}", ::getpid());
};

const std::string kGsm8k =
    R"({"question": "Ada had 48 clips and half as many pins. How many in all?", )"
    R"("answer": "She had 48/2 = <<48/2=24>>24 pins.\nIn all 48+24 = <<48+24=72>>1,072.\n#### 1,072"})"
    "\n";

Json human_eval() {
  return {{"task_id", "Test/0"},
          {"prompt", "def twice(x):\n    \"\"\"Twice x.\"\"\"\n"},
          {"entry_point", "twice"},
          {"canonical_solution", "    return 2 * x\n"},
          {"test", "def check(candidate):\n    assert candidate(2) == 4\n"}};
}

Json live_code_bench() {
  return {{"question_title", "Sum"},
          {"question_content", "Add two numbers."},
          {"question_id", "1873_A"},
          {"difficulty", "medium"},
          {"starter_code", ""},
          {"public_test_cases", R"([{"input": "2 2\n", "output": "4\n", "testtype": "stdin"}])"},
          {"private_test_cases", "[]"},
          {"metadata", "{}"}};
}

Json codeforces() {
  return {{"id", "852/A"},
          {"title", "Sum"},
          {"description", "Add two numbers."},
          {"input_format", "Two integers."},
          {"output_format", nullptr},
          {"interaction_format", nullptr},
          {"examples", {{{"input", "1 2"}, {"output", "3"}}}},
          {"official_tests", {{{"input", "2 2\n"}, {"output", "4\n"}}}},
          {"official_tests_complete", true},
          {"input_mode", "stdio"},
          {"generated_checker", nullptr}};
}

std::string gzipped(std::string_view text) {
  z_stream state{};
  constexpr int kGzip = 16;
  deflateInit2(&state, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + kGzip, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&state, text.size()), '\0');
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  state.avail_in = static_cast<uInt>(text.size());
  state.next_out = reinterpret_cast<Bytef*>(packed.data());
  state.avail_out = static_cast<uInt>(packed.size());
  deflate(&state, Z_FINISH);
  packed.resize(state.total_out);
  deflateEnd(&state);
  return packed;
}

TEST_F(ProblemFiles, Gsm8kGivesTheResultAndTheSolutionWithoutItsAnnotations) {
  const Problem problem = read("gsm8k.jsonl", kGsm8k).problems.at(0);
  EXPECT_EQ(problem.domain, Domain::kMath);
  EXPECT_EQ(problem.kind, "gsm8k");
  EXPECT_EQ(problem.prompt, "Ada had 48 clips and half as many pins. How many in all?");
  EXPECT_EQ(problem.answer, "1072");
  EXPECT_EQ(problem.short_reasoning,
            "She had 48/2 = 24 pins.\nIn all 48+24 = 1,072.\n\\boxed{1072}");
  EXPECT_EQ(fault({{"question", "?"}, {"answer", "It is 4."}}),
            "\"answer\" has no \"####\" before its result");
  EXPECT_EQ(fault({{"question", "?"}, {"answer", "It is 4.\n#### "}}),
            "\"answer\" is missing or empty");
}

TEST_F(ProblemFiles, MathGivesTheLastBoxWithItsBraces) {
  const Problem problem =
      read_one({{"problem", "What is $1-\\frac{1}{2}$?"},
                {"level", "Level 4"},
                {"type", "Algebra"},
                {"solution", "First \\boxed{3}? No: $\\boxed{\\frac{1}{2}}$."}});
  EXPECT_EQ(problem.answer, "\\frac{1}{2}");
  EXPECT_EQ(problem.difficulty, 4);
  EXPECT_EQ(problem.kind, "math/Algebra");
  EXPECT_TRUE(problem.short_reasoning.ends_with("\n\\boxed{\\frac{1}{2}}"));
  EXPECT_EQ(read_one({{"problem", "?"}, {"level", "Level ?"}, {"solution", "$\\boxed 7$."}}).answer,
            "7");
  EXPECT_EQ(read_one({{"problem", "?"}, {"solution", "$\\fbox{x}$"}}).answer, "x");
  EXPECT_EQ(fault({{"problem", "?"}, {"solution", "$\\boxed{x$"}}),
            "\"solution\" has no \\boxed{...}");
}

TEST_F(ProblemFiles, MathFilesOfOneObjectAndOfAListAreRead) {
  const Json one = {{"problem", "?"}, {"level", 2}, {"solution", "\\boxed{1}"}};
  EXPECT_EQ(read("1.json", one.dump(2)).problems.at(0).difficulty, 2);
  const ProblemFile list =
      read("all.json", Json::array({one, {{"problem", 3}}, one}).dump(2), BrokenLines::kSkip);
  EXPECT_EQ(list.problems.size(), 2U);
  ASSERT_EQ(list.broken.size(), 1U);
  EXPECT_NE(list.broken[0].find("all.json: entry 2: "), std::string::npos) << list.broken[0];
}

TEST_F(ProblemFiles, HumanEvalChecksTheEntryPointBehindThePromptsHeader) {
  const Problem problem = read_one(human_eval());
  EXPECT_EQ(problem.id, "Test/0");
  EXPECT_EQ(problem.domain, Domain::kCode);
  EXPECT_EQ(problem.answer, problem.prompt + "    return 2 * x\n");
  EXPECT_EQ(problem.tests.entry_point, "twice");
  EXPECT_EQ(problem.tests.setup, problem.prompt);
  EXPECT_EQ(problem.tests.program,
            "def check(candidate):\n    assert candidate(2) == 4\n\n\ncheck(twice)\n");
  Json without = human_eval();
  without.erase("prompt");
  EXPECT_EQ(fault(without), "there is no member \"prompt\"");
}

TEST_F(ProblemFiles, MbppGivesItsAssertsAndTheFunctionThatTheyCall) {
  const Json object = {{"task_id", 11},
                       {"text", "Write a function to double."},
                       {"code", "def help(x):\n  return x\ndef twice(x):\n  return 2 * help(x)"},
                       {"test_setup_code", "import math"},
                       {"test_list", {"assert twice(1) == 2", "assert twice(2) == 4"}}};
  const Problem problem = read_one(object);
  EXPECT_EQ(problem.id, "mbpp/11");
  EXPECT_EQ(problem.tests.entry_point, "twice");
  EXPECT_EQ(problem.tests.setup, "import math\n");
  EXPECT_EQ(problem.tests.program, "assert twice(1) == 2\nassert twice(2) == 4\n");
  EXPECT_EQ(problem.prompt,
            "Write a function to double.\nYour code should pass these tests:\n"
            "assert twice(1) == 2\nassert twice(2) == 4\n");
}

TEST_F(ProblemFiles, MbppsCleanedFormIsRead) {
  const Problem problem = read_one({{"task_id", 2},
                                    {"prompt", "Double."},
                                    {"code", "def twice(x): return 2 * x"},
                                    {"test_imports", {"import math", "import re"}},
                                    {"test_list", {"assert twice(1) == 2"}}});
  EXPECT_EQ(problem.tests.setup, "import math\nimport re\n");
  EXPECT_EQ(fault({{"task_id", 2}, {"prompt", "?"}, {"code", "x"}, {"test_list", Json::array()}}),
            "\"test_list\" is empty");
}

TEST_F(ProblemFiles, LiveCodeBenchReadsStandardInputAndPackedTests) {
  // Made by Python: base64(zlib(pickle(text))), protocols 4 and 2, and 4 for a longer text.
  for (const auto* packed :
       {"eJxrYJlqxwABPVbR1UqZeQWlJUpWCkqGCkYxeUo6Ckr5pSVQIWOIQElqcUlJZUEqSKi4JCUzT6k2dooeALEqFJ0=",
        "eJxrYIqwYmBgiK5WyswrKC1RslJQMlQwislT0lFQyi8tgQoZQwRKUotLSioLUkFCxSUpmXlKtbGFDHoAe1wTcQ==",
        "eJxrYJl6hpEBDCKOAhnR1UqZeQWlJUpWCkqGCkYxeaPEoCGUdBSU8ktLoLFjDBEoSS0uKaksSAUJFZekZOYp1cZO"
        "0QMA/ul8Rw=="}) {
    Json object = live_code_bench();
    object["private_test_cases"] = packed;
    const Problem problem = read_one(object);
    EXPECT_EQ(problem.id, "live-code-bench/1873_A");
    EXPECT_EQ(problem.difficulty, 3);
    EXPECT_EQ(problem.tests.entry_point, "");
    ASSERT_EQ(problem.tests.cases.size(), 2U);
    EXPECT_EQ(problem.tests.cases[0], (TestCase{.input = "2 2\n", .output = "4\n"}));
    EXPECT_TRUE(problem.tests.cases[1].input.starts_with("1 2\n"));
    EXPECT_EQ(problem.tests.cases[1].output, "3\n");
  }
}

TEST_F(ProblemFiles, LiveCodeBenchTurnsLinesOfArgumentsIntoOneList) {
  Json object = live_code_bench();
  object["metadata"] = R"({"func_name": "add"})";
  object["starter_code"] = "class Solution:\n    def add(self, a: List[int], b: int) -> int:\n";
  object["public_test_cases"] =
      R"([{"input": "[1, 2]\n\"x y\"", "output": "4", "testtype": "functional"}])";
  const Problem problem = read_one(object);
  EXPECT_EQ(problem.tests.entry_point, "Solution().add");
  EXPECT_EQ(problem.tests.setup, "from typing import *\n");
  ASSERT_EQ(problem.tests.cases.size(), 1U);
  EXPECT_EQ(problem.tests.cases[0], (TestCase{.input = R"([[1,2],"x y"])", .output = "4"}));
  EXPECT_TRUE(problem.prompt.starts_with("Add two numbers.\n\nclass Solution"));
}

TEST_F(ProblemFiles, CodeforcesIsJudgedByItsOfficialTests) {
  const Problem problem = read_one(codeforces());
  EXPECT_EQ(problem.id, "codeforces/852/A");
  EXPECT_EQ(
      problem.prompt,
      "Sum\n\nAdd two numbers.\n\nInput\nTwo integers.\n\nExample input\n1 2\nExample output\n3");
  EXPECT_EQ(problem.tests.cases, (std::vector<TestCase>{{"2 2\n", "4\n"}}));
}

TEST_F(ProblemFiles, CodeforcesWithoutAllTestsOrWithItsOwnCheckerIsRefused) {
  const std::pair<const char*, Json> refused[] = {
      {"official_tests_complete", false},
      {"generated_checker", "import sys"},
      {"interaction_format", "Ask the judge."},
      {"input_mode", "file"},
      {"official_tests", Json::array()},
  };
  for (const auto& [member, value] : refused) {
    Json object = codeforces();
    object[member] = value;
    EXPECT_NE(fault(object), "") << member;
  }
}

TEST_F(ProblemFiles, LiveCodeBenchSaysWhatItCannotUnpack) {
  Json object = live_code_bench();
  const auto fault_of = [&](const char* packed) {
    object["private_test_cases"] = packed;
    return fault(object);
  };
  EXPECT_EQ(fault_of("a secret!"), "\"private_test_cases\": not base64");
  EXPECT_EQ(fault_of("YWJjZGVm"), "\"private_test_cases\": damaged or cut off compressed data");
  EXPECT_EQ(fault_of("eJxrYJnqyAABsVN6rKKrlTLzCkpLlKwUlAwVjGLylHQUlPJLS6BCxhCBktTikpLKglSQUHFJSmae"
                     "Um3slEQ9AAaSFfI="),
            "\"private_test_cases\": a pickle of more than one text (opcode 93) is not read");
  object["metadata"] = R"({"func_name": "add"})";
  EXPECT_EQ(fault_of("[]"), "case 1 has no arguments, but the metadata name a function");
}

TEST_F(ProblemFiles, ReasoningGymIsSortedByItsDataSet) {
  const Json sum = {{"question", "1 + 1 ="},
                    {"answer", "2"},
                    {"metadata", {{"source_dataset", "chain_sum"}, {"source_index", 0}}}};
  EXPECT_EQ(read_one(sum).domain, Domain::kMath);
  EXPECT_EQ(read_one(sum).kind, "chain_sum");
  Json knights = sum;
  knights["metadata"]["source_dataset"] = "knights_knaves";
  EXPECT_EQ(read_one(knights).domain, Domain::kLogic);
  knights["answer"] = nullptr;
  EXPECT_EQ(fault(knights), "\"answer\" is null: knights_knaves is checked by a program");
}

TEST_F(ProblemFiles, OursComeBackAsTheyWereWritten) {
  const std::vector<Problem> problems = {
      {.id = "a", .kind = "sum", .difficulty = 1, .prompt = "1 + 1?", .answer = "2"},
      {.id = "b", .domain = Domain::kLogic, .kind = "order", .prompt = "Who?", .answer = "A, B"}};
  write_problems(folder_ / "set.jsonl", problems);
  EXPECT_EQ(read_problems(folder_ / "set.jsonl").problems, problems);
}

TEST_F(ProblemFiles, GzipOfSeveralMembersIsRead) {
  const std::string packed = gzipped(kGsm8k) + gzipped(human_eval().dump() + "\n");
  EXPECT_EQ(read("both.jsonl.gz", packed).problems.size(), 2U);
  EXPECT_THROW(read("cut.jsonl.gz", packed.substr(0, packed.size() - 20)), Error);
}

TEST_F(ProblemFiles, BrokenLinesAreNamedAndTheOthersRead) {
  const std::string text =
      "\n" + kGsm8k + "{\"question\": 3\n" + "{\"a\": 1, \"b\": 2}\n[]\n" + kGsm8k;
  const ProblemFile file = read("mixed.jsonl", text, BrokenLines::kSkip);
  EXPECT_EQ(file.problems.size(), 2U);
  const std::string name = (folder_ / "mixed.jsonl").string();
  EXPECT_EQ(file.broken,
            (std::vector<std::string>{
                name + ":3: not JSON at byte 15 (14 bytes in all)",
                name + ":4: no known form of a problem has the members \"a\", \"b\"",
                name + ":5: not a JSON object but array"}));
}

TEST_F(ProblemFiles, ABrokenLineStopsTheReadingWhereThatIsAsked) {
  try {
    read("mixed.jsonl", kGsm8k + "{\"question\": \"?\", \"answer\": 4}\n" + kGsm8k);
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.what(),
              (folder_ / "mixed.jsonl").string() + ":2: \"answer\" is not text but number");
  }
  EXPECT_THROW(read_problems(folder_ / "missing.jsonl", BrokenLines::kSkip), Error);
}

}  // namespace
}  // namespace rq::reward
