// Problems that end in an answer: GSM8K, MATH, reasoning-gym.

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/format.h"
#include "base/hash.h"
#include "base/json.h"
#include "reward/internal/formats.h"
#include "reward/internal/members.h"
#include "reward/problem.h"

namespace rq::reward {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Without "<<48/2=24>>", which is for a calculator.
std::string without_annotations(std::string_view text) {
  std::string plain;
  while (true) {
    const std::size_t begin = text.find("<<"), end = text.find(">>", begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) {
      return plain.append(text);
    }
    plain.append(text.substr(0, begin));
    text.remove_prefix(end + 2);
  }
}

// What the last \boxed{...} or \fbox{...} holds; "" where there is none.
std::string_view last_boxed(std::string_view text) {
  const std::size_t boxed = text.rfind("\\boxed"), fbox = text.rfind("\\fbox");
  const std::size_t at = boxed == std::string_view::npos  ? fbox
                         : fbox == std::string_view::npos ? boxed
                                                          : std::max(boxed, fbox);
  if (at == std::string_view::npos) {
    return {};
  }
  text = trimmed(text.substr(at + (at == boxed ? 6 : 5)));
  if (!text.starts_with('{')) {
    return text.substr(0, text.find_first_of(" $.\n"));  // "\boxed 7"
  }
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
    if (depth == 0) {
      return text.substr(1, i - 1);
    }
  }
  return {};
}

// "Level 3" or 3; 0 for "Level ?", and where there is none.
int level_of(const Json& object) {
  const auto found = object.find("level");
  if (found == object.end()) {
    return 0;
  }
  const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
  const char last = text.empty() ? '0' : text.back();
  return last >= '1' && last <= '5' ? last - '0' : 0;
}

// The data sets of reasoning-gym whose subject is mathematics; those left are logic in a wide
// sense.
constexpr auto kMathematicalSets = std::to_array<std::string_view>({"advanced_geometry",
                                                                    "basic_arithmetic",
                                                                    "bitwise_arithmetic",
                                                                    "calendar_arithmetic",
                                                                    "chain_sum",
                                                                    "coin_flip",
                                                                    "complex_arithmetic",
                                                                    "count_bits",
                                                                    "countdown",
                                                                    "decimal_arithmetic",
                                                                    "decimal_chain_sum",
                                                                    "dice",
                                                                    "fraction_simplification",
                                                                    "gcd",
                                                                    "gsm_symbolic",
                                                                    "intermediate_integration",
                                                                    "lcm",
                                                                    "leg_counting",
                                                                    "number_format",
                                                                    "number_sequence",
                                                                    "polynomial_equations",
                                                                    "polynomial_multiplication",
                                                                    "power_function",
                                                                    "prime_factorization",
                                                                    "products",
                                                                    "simple_equations",
                                                                    "simple_geometry",
                                                                    "simple_integration",
                                                                    "time_intervals"});

}  // namespace

std::string id_by_prompt(std::string_view kind, std::string_view prompt) {
  return fmt::format("{}-{}", kind, hex64(xxh3(prompt)));
}

Problem read_gsm8k(const Json& object, std::string_view origin) {
  constexpr std::string_view kMark = "####";
  const std::string worked = text_member(object, "answer", origin);
  const std::size_t mark = worked.rfind(kMark);
  check(mark != std::string::npos, "{}: \"answer\" has no \"####\" before its result", origin);
  Problem problem{
      .domain = Domain::kMath,
      .kind = "gsm8k",
      .prompt = text_member(object, "question", origin),
      .answer = std::string(trimmed(std::string_view(worked).substr(mark + kMark.size())))};
  std::erase(problem.answer, ',');
  problem.id = id_by_prompt(problem.kind, problem.prompt);
  const std::string plain = without_annotations(std::string_view(worked).substr(0, mark));
  problem.short_reasoning =
      fmt::format("{}\n{}", trimmed(plain), written_answer(problem.domain, problem.answer));
  return problem;
}

Problem read_math(const Json& object, std::string_view origin) {
  const std::string solution = text_member(object, "solution", origin);
  std::string answer = optional_text(object, "answer", origin);
  if (answer.empty()) {
    answer = last_boxed(solution);
    check(!answer.empty(), "{}: \"solution\" has no \\boxed{{...}}", origin);
  }
  std::string subject = optional_text(object, "type", origin);
  if (subject.empty()) {
    subject = optional_text(object, "subject", origin);
  }
  Problem problem{.domain = Domain::kMath,
                  .kind = subject.empty() ? "math" : "math/" + subject,
                  .difficulty = level_of(object),
                  .prompt = text_member(object, "problem", origin),
                  .answer = std::move(answer)};
  problem.id = id_by_prompt("math", problem.prompt);
  problem.short_reasoning =
      fmt::format("{}\n{}", trimmed(solution), written_answer(problem.domain, problem.answer));
  return problem;
}

Problem read_reasoning_gym(const Json& object, std::string_view origin) {
  const Json& metadata = member(object, "metadata", origin);
  check(metadata.is_object(), "{}: \"metadata\" is not an object", origin);
  const std::string set = text_member(metadata, "source_dataset", origin);
  const Json& answer = member(object, "answer", origin);
  check(!answer.is_null(), "{}: \"answer\" is null: {} is checked by a program", origin, set);
  const bool is_math = std::ranges::find(kMathematicalSets, set) != kMathematicalSets.end();
  Problem problem{.domain = is_math ? Domain::kMath : Domain::kLogic,
                  .kind = set,
                  .prompt = text_member(object, "question", origin),
                  .answer = answer.is_string() ? answer.get<std::string>() : answer.dump()};
  problem.id = id_by_prompt(set, problem.prompt);
  return problem;
}

}  // namespace rq::reward
