#include "reward/problem.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/format.h"
#include "base/json.h"
#include "reward/internal/formats.h"
#include "reward/internal/members.h"

namespace rq::reward {
namespace {

constexpr std::array<std::pair<Domain, std::string_view>, 3> kDomains = {
    {{Domain::kMath, "math"}, {Domain::kCode, "code"}, {Domain::kLogic, "logic"}}};

Domain domain_of(std::string_view name, std::string_view origin) {
  for (const auto& [domain, its_name] : kDomains) {
    if (name == its_name) {
      return domain;
    }
  }
  fail("{}: \"domain\" is \"{}\", which is none of math, code, logic", origin, name);
}

void check_members(const Json& object,
                   std::initializer_list<std::string_view> known,
                   std::string_view origin) {
  check(object.is_object(), "{}: not a JSON object but {}", origin, object.type_name());
  for (const auto& [key, value] : object.items()) {
    check(std::ranges::find(known, key) != known.end(), "{}: unknown member \"{}\"", origin, key);
  }
}

void set_unless_empty(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) {
    object[key] = value;
  }
}

Json tests_to_json(const CodeTests& tests) {
  Json object = Json::object();
  set_unless_empty(object, "entry_point", tests.entry_point);
  set_unless_empty(object, "setup", tests.setup);
  set_unless_empty(object, "program", tests.program);
  for (const auto& each : tests.cases) {
    object["cases"].push_back({{"input", each.input}, {"output", each.output}});
  }
  return object;
}

CodeTests tests_from_json(const Json& object, const std::string& origin) {
  check_members(object, {"entry_point", "setup", "program", "cases"}, origin);
  CodeTests tests{.entry_point = optional_text(object, "entry_point", origin),
                  .setup = optional_text(object, "setup", origin),
                  .program = optional_text(object, "program", origin)};
  if (object.contains("cases")) {
    const Json& cases = object["cases"];
    check(cases.is_array(), "{}: \"cases\" is not a list but {}", origin, cases.type_name());
    for (const auto& each : cases) {
      const std::string place = fmt::format("{}: case {}", origin, tests.cases.size() + 1);
      check_members(each, {"input", "output"}, place);
      tests.cases.push_back(
          {text_member(each, "input", place), text_member(each, "output", place)});
    }
  }
  return tests;
}

bool is_ordered(const Json& object, std::string_view origin) {
  const auto found = object.find("is_ordered");
  check(found == object.end() || found->is_boolean(),
        "{}: \"is_ordered\" is neither true nor false",
        origin);
  return found != object.end() && found->get<bool>();
}

}  // namespace

std::string_view name_of(Domain domain) {
  return kDomains[static_cast<std::size_t>(domain)].second;
}

std::string written_answer(Domain domain, std::string_view answer) {
  return domain == Domain::kCode ? fmt::format("```python\n{}\n```", answer)
                                 : fmt::format("\\boxed{{{}}}", answer);
}

std::string to_line(const Problem& problem) {
  Json object = {{"id", problem.id},
                 {"domain", name_of(problem.domain)},
                 {"kind", problem.kind},
                 {"difficulty", problem.difficulty},
                 {"prompt", problem.prompt}};
  set_unless_empty(object, "answer", problem.answer);
  if (problem.is_ordered) {
    object["is_ordered"] = true;
  }
  if (problem.tests != CodeTests{}) {
    object["tests"] = tests_to_json(problem.tests);
  }
  set_unless_empty(object, "short_reasoning", problem.short_reasoning);
  set_unless_empty(object, "long_reasoning", problem.long_reasoning);
  return object.dump();
}

Problem parse_problem(std::string_view line, std::string_view origin) {
  return read_own(parse_json(line, origin), origin);
}

Problem read_own(const Json& object, std::string_view origin) {
  check_members(object,
                {"id",
                 "domain",
                 "kind",
                 "difficulty",
                 "prompt",
                 "answer",
                 "is_ordered",
                 "tests",
                 "short_reasoning",
                 "long_reasoning"},
                origin);
  const Json& difficulty = member(object, "difficulty", origin);
  check(difficulty.is_number_integer() && difficulty >= 0 && difficulty <= 5,
        "{}: \"difficulty\" is {}, not a whole number from 0 to 5",
        origin,
        difficulty.dump());
  Problem problem{.id = text_member(object, "id", origin),
                  .domain = domain_of(text_member(object, "domain", origin), origin),
                  .kind = text_member(object, "kind", origin),
                  .difficulty = difficulty.get<int>(),
                  .prompt = text_member(object, "prompt", origin),
                  .answer = optional_text(object, "answer", origin),
                  .is_ordered = is_ordered(object, origin),
                  .short_reasoning = optional_text(object, "short_reasoning", origin),
                  .long_reasoning = optional_text(object, "long_reasoning", origin)};
  if (object.contains("tests")) {
    problem.tests = tests_from_json(object["tests"], fmt::format("{}: \"tests\"", origin));
  }
  validate(problem, origin);
  return problem;
}

void validate(const Problem& problem, std::string_view origin) {
  check(!problem.id.empty(), "{}: \"id\" is empty", origin);
  check(!problem.prompt.empty(), "{}: \"prompt\" is empty", origin);
  if (problem.domain == Domain::kCode) {
    check(!problem.tests.empty(), "{}: \"tests\" hold neither a program nor a case", origin);
  } else {
    check(!problem.answer.empty(), "{}: \"answer\" is missing or empty", origin);
    check(problem.tests == CodeTests{}, "{}: \"tests\" belong to code alone", origin);
  }
}

}  // namespace rq::reward
