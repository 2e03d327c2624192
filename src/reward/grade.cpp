#include "reward/grade.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/format.h"
#include "base/json.h"
#include "reward/answer_text.h"
#include "reward/code_answer.h"
#include "reward/math_answer.h"

namespace rq::reward {
namespace {

// What stands between the commas, in its order, without brackets around all of it.
std::vector<std::string_view> parts_of(std::string_view list) {
  constexpr std::string_view kBlank = " \t\n", kOpening = "([", kClosing = ")]";
  const auto trim = [&](std::string_view text, std::string_view before, std::string_view behind) {
    text.remove_prefix(std::min(text.find_first_not_of(before), text.size()));
    const std::size_t last = text.find_last_not_of(behind);
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  };
  list = trim(list, kBlank, kBlank);
  if (!list.empty() && kOpening.find(list.front()) != std::string_view::npos &&
      kClosing.find(list.back()) != std::string_view::npos) {
    list = list.substr(1, list.size() - 2);
  }
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    parts.push_back(trim(list.substr(at, comma - at), kBlank, kBlank));
    at = comma + 1;
  }
  return parts;
}

// As mathematics, where a bare list is a set; or part by part.
bool is_right(const Problem& problem, std::string_view boxed) {
  return problem.is_ordered
             ? std::ranges::equal(parts_of(boxed), parts_of(problem.answer), is_same_answer)
             : is_same_answer(boxed, problem.answer);
}

Grade grade_boxed(const Problem& problem, std::string_view answer) {
  const std::optional<std::string_view> boxed = boxed_answer(answer);
  if (!boxed) {
    return {.score = 0, .is_right = false, .reason = "there is no \\boxed{} answer"};
  }
  if (is_right(problem, *boxed)) {
    return {.score = 1, .is_right = true};
  }
  return {.reason = fmt::format("{} is not {}", boxed->substr(0, 80), problem.answer)};
}

// A string as Python writes it.
std::string quoted(const std::string& text) {
  return Json(text).dump();
}

// The cases as asserts, and the program of asserts behind them.
FunctionTests function_tests(const CodeTests& tests) {
  FunctionTests made{.prefix = tests.setup, .tests = "import json\n\n", .entry_point = {}};
  for (const TestCase& test : tests.cases) {
    made.tests += fmt::format("assert {}(*json.loads({})) == json.loads({})\n",
                              tests.entry_point,
                              quoted(test.input),
                              quoted(test.output));
  }
  made.tests += tests.program;
  if (tests.program.find("def check(") != std::string::npos) {
    made.entry_point = tests.entry_point;
  }
  return made;
}

Grade as_grade(const CodeVerdict& verdict) {
  return {
      .score = verdict.share(), .is_right = verdict.all_passed, .reason = verdict.first_failure};
}

Grade grade_code(const CodeTests& tests,
                 std::string_view answer,
                 const Sandbox& sandbox,
                 const Limits& limits) {
  if (!tests.entry_point.empty() || tests.cases.empty()) {
    return as_grade(check_code(sandbox, answer, function_tests(tests), limits));
  }
  constexpr double kTolerance = 1e-6;
  InputTests inputs{.tests = {}, .tolerance = kTolerance};
  for (const TestCase& test : tests.cases) {
    inputs.tests.push_back({test.input, test.output});
  }
  return as_grade(check_code(sandbox, answer, inputs, limits));
}

}  // namespace

Grade grade(const Problem& problem,
            std::string_view answer,
            const Sandbox& sandbox,
            const Limits& limits) {
  return problem.domain == Domain::kCode ? grade_code(problem.tests, answer, sandbox, limits)
                                         : grade_boxed(problem, answer);
}

}  // namespace rq::reward
