// Python functions of which the form is given and the numbers in it are to be found from examples:
// unlike a function that is described, the code does not show how one comes to it.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/digits.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

struct Example {
  std::int64_t input = 0, output = 0;
};

std::string call(std::int64_t input) {
  return fmt::format("solve({})", input);
}

// A name for a difference, how it is found, and its value.
std::string subtract(std::string_view name, std::int64_t from, std::int64_t amount) {
  return fmt::format("{} = {} - {}\n{}{} = {}\n",
                     name,
                     from,
                     amount,
                     subtract_columns(from, amount),
                     name,
                     from - amount);
}

std::string divide(std::string_view name, std::int64_t value, std::int64_t divisor) {
  const std::int64_t quotient = value / divisor;
  return fmt::format("{}/{}={}\n{} = {}\n", value, divisor, quotient, name, quotient);
}

std::string add(std::int64_t a, std::int64_t b) {
  return fmt::format("{} + {}\n{}", a, b, add_columns({a, b}));
}

std::string times(std::int64_t a, std::int64_t b) {
  return fmt::format("{}*{}={}", a, b, a * b);
}

// a * n + b
struct Line {
  std::int64_t a = 0, b = 0;
  std::int64_t operator()(std::int64_t n) const { return a * n + b; }
  Example at(std::int64_t n) const { return {n, (*this)(n)}; }
  std::string python() const { return fmt::format("{} * n + {}", a, b); }
};

// The value at n once more, from a and b.
std::string check_line(const Line& line, std::int64_t n) {
  return fmt::format("{}: {}, {}", call(n), times(line.a, n), add(line.a * n, line.b));
}

struct Asked {
  std::string_view form;  // of the result, with its letters
  std::vector<Example> examples;
};

template <typename Function>
CodeTests tests_for(const std::string& header, const Asked& asked, const Function& function) {
  std::vector<std::pair<std::string, std::string>> cases;
  for (const Example& example : asked.examples) {
    cases.emplace_back(std::to_string(example.input), std::to_string(example.output));
  }
  for (const std::int64_t n : {-7, -2, 11, 14, 25, 40, 63, 100}) {
    cases.emplace_back(std::to_string(n), std::to_string(function(n)));
  }
  return tests_of_solve(header, cases);
}

// `steps` and `check` are whole lines.
template <typename Function>
Draft write(const Asked& asked,
            const Function& function,
            const std::string& python,
            const std::string& steps,
            const std::string& check) {
  std::string examples;
  for (const Example& example : asked.examples) {
    examples += fmt::format("    >>> {}\n    {}\n", call(example.input), example.output);
  }
  const std::string header = fmt::format(
      "def solve(n):\n    \"\"\"Return {}, with the whole numbers that fit these examples.\n\n{}"
      "    \"\"\"\n",
      asked.form,
      examples);
  return {.content = examples,
          .prompt = header,
          .answer = fmt::format("def solve(n):\n    return {}", python),
          .tests = tests_for(header, asked, function),
          .plan = "I find the numbers one by one.\n",
          .steps = steps,
          .check = fmt::format("Let me check.\n{}That is what the example says, so it is right.\n",
                               check)};
}

constexpr std::string_view kLine = "a * n + b";

// From solve(0) and solve(1).
Draft from_zero(Rng& rng) {
  const Line line{.a = rng.between(2, 49), .b = rng.between(2, 50)};
  return write({kLine, {line.at(0), line.at(1)}},
               line,
               line.python(),
               fmt::format("b = {} = {}\n{}", call(0), line.b, subtract("a", line(1), line.b)),
               check_line(line, 1));
}

// From two neighbours, or two numbers further apart.
Draft from_two(Rng& rng, std::int64_t apart) {
  const Line line{.a = rng.between(2, 9), .b = rng.between(2, 99)};
  const std::int64_t n = rng.between(2, 9), last = n + apart;
  const std::int64_t rise = line(last) - line(n);
  const std::string slope = apart == 1
                                ? subtract("a", line(last), line(n))
                                : subtract("rise", line(last), line(n)) + divide("a", rise, apart);
  return write({kLine, {line.at(n), line.at(last)}},
               line,
               line.python(),
               fmt::format("{}{}\n{}", slope, times(line.a, n), subtract("b", line(n), line.a * n)),
               check_line(line, last));
}

// One line for even numbers, one for odd ones.
Draft from_parity(Rng& rng) {
  const Line even{.a = rng.between(2, 19), .b = rng.between(2, 50)};
  const Line odd{.a = rng.between(2, 9), .b = rng.between(2, 50)};
  const auto function = [=](std::int64_t n) { return n % 2 == 0 ? even(n) : odd(n); };
  const std::string steps = fmt::format("b = {} = {}\n{}{}{}{}{}",
                                        call(0),
                                        even.b,
                                        subtract("rise", even(2), even.b),
                                        divide("a", 2 * even.a, 2),
                                        subtract("rise", odd(3), odd(1)),
                                        divide("c", 2 * odd.a, 2),
                                        subtract("d", odd(1), odd.a));
  return write({"a * n + b for even n and c * n + d for odd n",
                {even.at(0), odd.at(1), even.at(2), odd.at(3)}},
               function,
               fmt::format("{} if n % 2 == 0 else {}", even.python(), odd.python()),
               steps,
               check_line(even, 2) + check_line(odd, 3));
}

// a * n * n + b * n + c, from solve(0), solve(1) and solve(2).
Draft from_square(Rng& rng) {
  const std::int64_t a = rng.between(2, 15), b = rng.between(2, 30), c = rng.between(2, 50);
  const auto function = [=](std::int64_t n) { return a * n * n + b * n + c; };
  const std::int64_t first = a + b, second = 3 * a + b;
  const std::string steps = fmt::format("c = {} = {}\n{}{}{}{}{}",
                                        call(0),
                                        c,
                                        subtract("first", function(1), c),
                                        subtract("second", function(2), function(1)),
                                        subtract("more", second, first),
                                        divide("a", 2 * a, 2),
                                        subtract("b", first, a));
  return write({"a * n * n + b * n + c", {{0, c}, {1, function(1)}, {2, function(2)}}},
               function,
               fmt::format("{} * n * n + {} * n + {}", a, b, c),
               steps,
               fmt::format("{}: {}, {}, {}{} + {}\n{}",
                           call(2),
                           times(a, 4),
                           times(b, 2),
                           add(4 * a, 2 * b),
                           4 * a + 2 * b,
                           c,
                           add_columns({4 * a + 2 * b, c})));
}

}  // namespace

Draft draw_inferred_function(Rng& rng, int difficulty) {
  switch (difficulty) {
    case 1:
      return from_zero(rng);
    case 2:
      return from_two(rng, 1);
    case 3:
      return from_two(rng, rng.between(2, 9));
    case 4:
      return from_parity(rng);
    default:
      return from_square(rng);
  }
}

}  // namespace rq::reward
