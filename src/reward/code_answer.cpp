#include "reward/code_answer.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "reward/code_block.h"
#include "reward/internal/compare_output.h"
#include "reward/internal/examiner.h"

namespace rq::reward {
namespace {

// An answer must not be judged by what is the machine's fault.
void require_started(const Result& result) {
  if (result.outcome == Outcome::kNotStarted) {
    throw MachineError(fmt::format("the sandbox did not start: {}", result.standard_error));
  }
}

std::string how_it_ended(const Result& result) {
  constexpr std::size_t kMostBytes = 300;  // of what it said last
  const std::string& said = result.standard_error;
  return fmt::format("the program {}{}{}",
                     name_of(result.outcome),
                     said.empty() ? "" : ": ",
                     said.substr(said.size() - std::min(said.size(), kMostBytes)));
}

// What the examiner has told, as far as it came.
struct Report {
  std::vector<std::optional<std::string>> failures;  // of each test that was reached; empty: passed
  std::string end;  // why the tests did not come to their end; empty where they did
};

Report read_report(const Result& result) {
  Report report{.failures = {}, .end = how_it_ended(result)};
  std::istringstream lines(result.standard_output);
  for (std::string line; std::getline(lines, line) && !lines.eof();) {
    const Json told = parse_json(line, "the examiner");
    if (told.contains("total")) {
      report.failures.resize(told["total"].get<std::size_t>());
    } else if (told.contains("test")) {
      report.failures.at(told["test"].get<std::size_t>()) =
          json_value<std::string>(told, "failure", "", "the examiner");
    } else {
      report.end = json_value<std::string>(told, "end", "", "the examiner");
    }
  }
  return report;
}

// Where the tests came to their end, an assert that was not reached is one that nothing should
// reach. Where they did not, at least one test has not passed.
CodeVerdict judge(const Report& report) {
  CodeVerdict verdict;
  for (const auto& failure : report.failures) {
    verdict.passed += failure.value_or(report.end).empty() ? 1 : 0;
    if (verdict.first_failure.empty()) {
      verdict.first_failure = failure.value_or("");
    }
  }
  if (verdict.first_failure.empty()) {
    verdict.first_failure = report.end;
  }
  verdict.total = std::max(1, static_cast<int>(report.failures.size()));
  verdict.all_passed = verdict.first_failure.empty();
  if (report.failures.empty()) {
    verdict.passed = verdict.all_passed ? 1 : 0;  // to come to the end is the test
  }
  if (!verdict.all_passed) {
    verdict.passed = std::min(verdict.passed, verdict.total - 1);
  }
  return verdict;
}

}  // namespace

CodeVerdict check_code(const Sandbox& sandbox,
                       std::string_view answer,
                       const FunctionTests& tests,
                       const Limits& limits) {
  const Program program = code_of(answer);
  const bool needs_break = !tests.prefix.empty() && !tests.prefix.ends_with('\n');
  const Json exam = {{"prefix", tests.prefix + (needs_break ? "\n" : "")},
                     {"code", program.text},
                     {"tests", tests.tests},
                     {"entry_point", tests.entry_point}};
  const Result result =
      sandbox.run({Language::kPython, std::string(examiner_program())},
                  exam.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace),
                  limits);
  require_started(result);
  return judge(read_report(result));
}

CodeVerdict check_code(const Sandbox& sandbox,
                       std::string_view answer,
                       const InputTests& tests,
                       const Limits& limits) {
  CodeVerdict verdict;
  verdict.total = static_cast<int>(tests.tests.size());
  const Program code = code_of(answer);
  if (code.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    verdict.first_failure = "the answer has no code";
    return verdict;
  }
  const auto [program, compilation] = sandbox.compile(code);
  require_started(compilation);
  if (compilation.outcome != Outcome::kOk) {
    verdict.first_failure = how_it_ended(compilation);
    return verdict;
  }
  for (std::size_t i = 0; i < tests.tests.size(); ++i) {
    const Result result = sandbox.run(program, tests.tests[i].input, limits);
    require_started(result);
    const auto failure =
        result.outcome == Outcome::kOk
            ? difference(result.standard_output, tests.tests[i].expected, tests.tolerance)
            : how_it_ended(result);
    if (!failure) {
      ++verdict.passed;
    } else if (verdict.first_failure.empty()) {
      verdict.first_failure = fmt::format("test {}: {}", i + 1, *failure);
    }
    if (result.outcome == Outcome::kTime) {
      break;
    }
  }
  verdict.all_passed = verdict.total > 0 && verdict.passed == verdict.total;
  return verdict;
}

}  // namespace rq::reward
