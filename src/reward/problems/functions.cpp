// Python functions as chains of steps: the words, the solution and the tests come from one chain.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/function_steps.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

constexpr std::size_t kTests = 10;        // at least
constexpr std::size_t kLeastOutputs = 3;  // different ones, so that no constant passes

// Name of a variable, and what one says of it; by ValueType.
constexpr std::array<std::string_view, 4> kVariables = {"n", "xs", "s", "ws"};
constexpr std::array<std::string_view, 4> kGiven = {
    "a whole number n", "a list of whole numbers xs", "a text s", "a list of words ws"};

std::string_view variable(ValueType type) {
  return kVariables[static_cast<std::size_t>(type)];
}

// A row of the table with its parameter.
struct Step {
  const FunctionStep* row = nullptr;
  std::int64_t parameter = 0;

  std::string words() const { return filled(row->words); }
  std::string python() const { return filled(row->python); }
  std::string filled(std::string_view text) const {
    return fmt::format(fmt::runtime(text),
                       fmt::arg("v", variable(row->from)),
                       fmt::arg("k", parameter),
                       fmt::arg("c", letter_of(parameter)));
  }
};
using Steps = std::vector<Step>;

// No row twice in a row: what is reversed twice might as well be left alone.
Steps draw_steps(Rng& rng, ValueType from, int count) {
  Steps steps;
  while (static_cast<int>(steps.size()) < count) {
    const FunctionStep& row = one_of(rng, steps_from(from));
    if (steps.empty() || steps.back().row != &row) {
      steps.push_back({.row = &row, .parameter = rng.between(row.least, row.most)});
      from = row.to;
    }
  }
  return steps;
}

// What a chain makes of a value, step by step; nothing where a step is not defined.
std::optional<std::vector<Value>> run(const Steps& steps, const Value& input) {
  std::vector<Value> values = {input};
  for (const auto& each : steps) {
    auto next = each.row->apply(values.back(), each.parameter);
    if (!next) {
      return std::nullopt;
    }
    values.push_back(*std::move(next));
  }
  return values;
}

std::string draw_text(Rng& rng) {
  constexpr std::string_view kLetters = "aaabcdeeefghiiklmnooprstuvwyABEIMOST";
  std::string text;
  for (std::int64_t words = rng.between(0, 5); words > 0; --words) {
    for (std::int64_t left = rng.between(1, 7); left > 0; --left) {
      text += one_of(rng, kLetters);
    }
    text += words > 1 ? " " : "";
  }
  return text;
}

// A number as an input, or an item of one: sometimes close to a step's parameter, where a wrong
// one shows.
std::int64_t draw_number(Rng& rng, const Steps& steps, std::int64_t least, std::int64_t most) {
  if (rng.below(4) == 0) {
    return one_of(rng, steps).parameter + rng.between(-1, 1);
  }
  return rng.below(2) == 0 ? rng.between(-3, 9) : rng.between(least, most);
}

Value draw_input(Rng& rng, const Steps& steps) {
  const ValueType type = steps.front().row->from;
  if (type == ValueType::kNumber) {
    return draw_number(rng, steps, -50, 250);
  }
  if (type == ValueType::kText) {
    return draw_text(rng);
  }
  Numbers items(rng.below(9));
  for (auto& item : items) {
    item = draw_number(rng, steps, -20, 50);
  }
  return items;
}

using Examples = std::vector<std::vector<Value>>;  // the values after every step, the input first

// Different inputs that the chain is defined for, as many as are found.
Examples draw_examples(Rng& rng, const Steps& steps) {
  constexpr int kDraws = 50;
  Examples examples;
  std::set<Value> seen;
  for (int i = 0; i < kDraws; ++i) {
    const Value input = draw_input(rng, steps);
    if (auto values = run(steps, input); values && seen.insert(input).second) {
      examples.push_back(*std::move(values));
    }
  }
  return examples;
}

// Chains that do less: without one of the steps, or without all.
std::vector<Steps> shorter(const Steps& steps) {
  std::vector<Steps> all;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].row->from == steps[i].row->to) {
      all.push_back(steps);
      all.back().erase(all.back().begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  if (steps.front().row->from == steps.back().row->to) {
    all.emplace_back();
  }
  return all;
}

// Chains in which one of the parameters is one off.
std::vector<Steps> one_off(const Steps& steps) {
  std::vector<Steps> all;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const int change : {-1, 1}) {
      const std::int64_t parameter = steps[i].parameter + change;
      if (parameter >= steps[i].row->least && parameter <= steps[i].row->most) {
        all.push_back(steps);
        all.back()[i].parameter = parameter;
      }
    }
  }
  return all;
}

// The first example that a wrong chain fails.
std::optional<std::size_t> find_failure(const Steps& wrong, const Examples& examples) {
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const auto values = run(wrong, examples[i].front());
    if (values && values->back() != examples[i].back()) {
      return i;
    }
  }
  return std::nullopt;
}

// Of the examples, those that wrong chains fail, and others up to kTests; nothing where a shorter
// chain or a constant would pass.
std::optional<Examples> choose_tests(const Steps& steps, const Examples& examples) {
  std::set<std::size_t> chosen;
  for (const auto& wrong : shorter(steps)) {
    const auto failure = find_failure(wrong, examples);
    if (!failure) {
      return std::nullopt;
    }
    chosen.insert(*failure);
  }
  for (const auto& wrong : one_off(steps)) {
    if (const auto failure = find_failure(wrong, examples)) {
      chosen.insert(*failure);
    }
  }
  for (std::size_t i = 0; i < examples.size() && chosen.size() < kTests; ++i) {
    chosen.insert(i);
  }
  Examples tests;
  std::set<Value> outputs;
  for (const auto i : chosen) {
    tests.push_back(examples[i]);
    outputs.insert(examples[i].back());
  }
  return tests.size() >= kTests && outputs.size() >= kLeastOutputs ? std::optional(tests)
                                                                   : std::nullopt;
}

std::string solution(const Steps& steps) {
  std::string code = fmt::format("def solve({}):\n", variable(steps.front().row->from));
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    code += fmt::format("    {} = {}\n", variable(steps[i].row->to), steps[i].python());
  }
  return code + fmt::format("    return {}", steps.back().python());
}

CodeTests tests_of(const Examples& examples, const std::string& header) {
  std::vector<std::pair<std::string, std::string>> cases;
  for (const auto& example : examples) {
    cases.emplace_back(as_json(example.front()), as_json(example.back()));
  }
  return tests_of_solve(header, cases);
}

// The one in which the fewest steps change nothing; of these, the shortest.
const std::vector<Value>& example_to_show(const Examples& examples) {
  return *std::ranges::min_element(examples, {}, [](const std::vector<Value>& values) {
    std::size_t idle = 0, bytes = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      idle += i > 0 && values[i] == values[i - 1] ? 1 : 0;
      bytes += as_json(values[i]).size();
    }
    return std::pair(idle, bytes);
  });
}

Draft write(const Steps& steps, const Examples& examples) {
  Draft draft;
  std::vector<std::string> words, code;
  for (const auto& each : steps) {
    words.push_back(each.words());
    code.push_back(each.python());
    draft.steps += fmt::format("{}: {}\n", words.back(), code.back());
  }
  const std::vector<Value>& shown = example_to_show(examples);
  const std::string input = as_json(shown.front()), output = as_json(shown.back());
  const auto type = steps.front().row->from;
  draft.content = joined(code, "; ");
  draft.prompt = fmt::format(
      "def solve({}):\n    \"\"\"Given {}: {}. Return the result.\n\n    >>> "
      "solve({})\n    {}\n    \"\"\"\n",
      variable(type),
      kGiven[static_cast<std::size_t>(type)],
      joined(words, ", then "),
      input,
      output);
  draft.answer = solution(steps);
  draft.tests = tests_of(examples, draft.prompt);
  draft.plan = "Each part becomes one line.\n";
  draft.check = fmt::format("Let me check with {}.\n", input);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    draft.check += fmt::format("{}: {}\n", words[i], as_json(shown[i + 1]));
  }
  draft.check += "That is what the example says, so it is right.\n";
  return draft;
}

Draft draw_function(Rng& rng, ValueType from, int count) {
  while (true) {
    const Steps steps = draw_steps(rng, from, count);
    if (const auto tests = choose_tests(steps, draw_examples(rng, steps))) {
      return write(steps, *tests);
    }
  }
}

}  // namespace

Draft draw_list_function(Rng& rng, int difficulty) {
  return draw_function(rng, ValueType::kNumbers, difficulty);
}

Draft draw_text_function(Rng& rng, int difficulty) {
  return draw_function(rng, ValueType::kText, difficulty);
}

Draft draw_number_function(Rng& rng, int difficulty) {
  return draw_function(rng, ValueType::kNumber, difficulty);
}

}  // namespace rq::reward
