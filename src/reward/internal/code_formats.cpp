// Problems that end in a program: HumanEval, MBPP, LiveCodeBench, Codeforces.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "base/json.h"
#include "reward/internal/formats.h"
#include "reward/internal/members.h"
#include "reward/internal/packed.h"
#include "reward/problem.h"

namespace rq::reward {
namespace {

// A list of texts, one a line; "" where the member is absent.
std::string lines_of(const Json& object, const std::string& key, std::string_view origin) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) {
    return {};
  }
  check(found->is_array(), "{}: \"{}\" is not a list but {}", origin, key, found->type_name());
  std::string lines;
  for (const auto& line : *found) {
    lines += text_of(line, key, origin) + "\n";
  }
  return lines;
}

// The last function of `code` that `tests` call; "" where none is.
std::string called_function(std::string_view code, std::string_view tests) {
  constexpr std::string_view kDefinition = "def ";
  std::string name;
  for (std::size_t at = code.find(kDefinition); at != std::string_view::npos;
       at = code.find(kDefinition, at + 1)) {
    const std::size_t begin = at + kDefinition.size(), end = code.find('(', begin);
    if (end == std::string_view::npos) {
      break;
    }
    const std::string_view found = code.substr(begin, end - begin);
    if (tests.find(fmt::format("{}(", found)) != std::string_view::npos) {
      name = found;
    }
  }
  return name;
}

// A task's number or name.
std::string task_id(const Json& object, std::string_view origin) {
  const Json& id = member(object, "task_id", origin);
  return id.is_string() ? id.get<std::string>() : "mbpp/" + id.dump();
}

// The cases of a LiveCodeBench member: a list, or its JSON as text, or that text packed.
Json live_cases(const Json& object, const std::string& key, std::string_view origin) {
  const Json& value = member(object, key, origin);
  const std::string place = fmt::format("{}: \"{}\"", origin, key);
  if (!value.is_string()) {
    check(value.is_array(), "{} is neither text nor a list", place);
    return value;
  }
  const auto& text = value.get_ref<const std::string&>();
  Json cases = parse_json(text.starts_with('[') ? text : unpacked_text(text, place), place);
  check(cases.is_array(), "{} is not a list of cases", place);
  return cases;
}

// Arguments that stand on a line each become one JSON array.
std::string arguments_of(const std::string& lines, std::string_view origin) {
  Json arguments = Json::array();
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    arguments.push_back(parse_json(std::string_view(lines).substr(begin, end - begin), origin));
    begin = end + 1;
  }
  return arguments.dump();
}

int live_difficulty(const std::string& name) {
  return name == "easy" ? 1 : name == "medium" ? 3 : name == "hard" ? 5 : 0;
}

void add_live_cases(const Json& cases,
                    bool is_function,
                    std::string_view origin,
                    CodeTests& tests) {
  for (const auto& each : cases) {
    const std::string place = fmt::format("{}: case {}", origin, tests.cases.size() + 1);
    check(each.is_object(), "{} is not an object", place);
    const std::string input = text_member(each, "input", place),
                      output = text_member(each, "output", place);
    const bool has_arguments = optional_text(each, "testtype", place) == "functional";
    check(has_arguments == is_function,
          "{} {} arguments, but the metadata {} a function",
          place,
          has_arguments ? "has" : "has no",
          is_function ? "name" : "do not name");
    if (is_function) {
      tests.cases.push_back(
          {.input = arguments_of(input, place), .output = parse_json(output, place).dump()});
    } else {
      tests.cases.push_back({.input = input, .output = output});
    }
  }
}

// Cases that are objects with an input and an output.
std::vector<TestCase> cases_of(const Json& object,
                               const std::string& key,
                               std::string_view origin) {
  const Json& all = member(object, key, origin);
  check(all.is_array() && !all.empty(), "{}: \"{}\" has no cases", origin, key);
  std::vector<TestCase> cases;
  for (const auto& each : all) {
    const std::string place = fmt::format("{}: \"{}\"", origin, key);
    check(each.is_object(), "{} holds a case that is no object", place);
    cases.push_back({text_member(each, "input", place), text_member(each, "output", place)});
  }
  return cases;
}

// Only outputs are compared here, with those of all the tests.
void require_plain_tests(const Json& object, std::string_view origin) {
  check(json_value<bool>(object, "official_tests_complete", true, origin),
        "{}: \"official_tests\" are not all of the tests",
        origin);
  check(optional_text(object, "generated_checker", origin).empty() &&
            optional_text(object, "interaction_format", origin).empty(),
        "{}: only a checker of its own can judge answers to it",
        origin);
  const std::string mode = optional_text(object, "input_mode", origin);
  check(mode.empty() || mode == "stdio",
        "{}: programs read a file (\"input_mode\" is {}), not standard input",
        origin,
        mode);
}

}  // namespace

Problem read_human_eval(const Json& object, std::string_view origin) {
  const std::string entry_point = text_member(object, "entry_point", origin);
  Problem problem{.id = text_member(object, "task_id", origin),
                  .domain = Domain::kCode,
                  .kind = "human-eval",
                  .prompt = text_member(object, "prompt", origin)};
  problem.answer = problem.prompt + text_member(object, "canonical_solution", origin);
  problem.tests = {.entry_point = entry_point,
                   .setup = problem.prompt,
                   .program = fmt::format(
                       "{}\n\ncheck({})\n", text_member(object, "test", origin), entry_point)};
  return problem;
}

Problem read_mbpp(const Json& object, std::string_view origin) {
  const std::string tests = lines_of(object, "test_list", origin),
                    code = text_member(object, "code", origin);
  check(!tests.empty(), "{}: \"test_list\" is empty", origin);
  const std::string task = text_member(object, object.contains("text") ? "text" : "prompt", origin);
  std::string setup = lines_of(object, "test_imports", origin);
  if (const std::string text = optional_text(object, "test_setup_code", origin); !text.empty()) {
    setup += text + "\n";
  }
  return {.id = task_id(object, origin),
          .domain = Domain::kCode,
          .kind = "mbpp",
          .prompt = fmt::format("{}\nYour code should pass these tests:\n{}", task, tests),
          .answer = code,
          .tests = {.entry_point = called_function(code, tests), .setup = setup, .program = tests}};
}

Problem read_live_code_bench(const Json& object, std::string_view origin) {
  const std::string starter = optional_text(object, "starter_code", origin),
                    metadata = optional_text(object, "metadata", origin);
  const std::string place = fmt::format("{}: \"metadata\"", origin);
  const std::string function =
      metadata.empty() ? "" : optional_text(parse_json(metadata, place), "func_name", place);
  CodeTests tests;
  if (!function.empty()) {
    tests.entry_point = "Solution()." + function;
    tests.setup = "from typing import *\n";  // the starter code names List without importing it
  }
  for (const auto* key : {"public_test_cases", "private_test_cases"}) {
    add_live_cases(live_cases(object, key, origin), !function.empty(), origin, tests);
  }
  Problem problem{.domain = Domain::kCode,
                  .kind = "live-code-bench",
                  .difficulty = live_difficulty(optional_text(object, "difficulty", origin)),
                  .prompt = text_member(object, "question_content", origin),
                  .tests = std::move(tests)};
  if (!starter.empty()) {
    problem.prompt += "\n\n" + starter;
  }
  const std::string id = optional_text(object, "question_id", origin);
  problem.id = id.empty() ? id_by_prompt(problem.kind, problem.prompt)
                          : fmt::format("{}/{}", problem.kind, id);
  return problem;
}

Problem read_codeforces(const Json& object, std::string_view origin) {
  require_plain_tests(object, origin);
  Problem problem{.domain = Domain::kCode, .kind = "codeforces"};
  problem.prompt = text_member(object, "title", origin) + "\n\n" +
                   text_member(object, "description", origin) + "\n\nInput\n" +
                   text_member(object, "input_format", origin);
  if (const auto output = optional_text(object, "output_format", origin); !output.empty()) {
    problem.prompt += "\n\nOutput\n" + output;
  }
  if (const auto note = optional_text(object, "note", origin); !note.empty()) {
    problem.prompt += "\n\nNote\n" + note;
  }
  for (const auto& [input, output] : cases_of(object, "examples", origin)) {
    problem.prompt += fmt::format("\n\nExample input\n{}\nExample output\n{}", input, output);
  }
  problem.tests.cases = cases_of(object, "official_tests", origin);
  const std::string id = optional_text(object, "id", origin);
  problem.id = id.empty() ? id_by_prompt(problem.kind, problem.prompt)
                          : fmt::format("{}/{}", problem.kind, id);
  return problem;
}

}  // namespace rq::reward
