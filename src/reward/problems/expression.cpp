// Expressions with brackets, one operation after the other.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

struct Size {
  int operations;
  std::int64_t most_leaf, most_value;
};
constexpr std::array<Size, 5> kSizes = {
    {{2, 20, 99}, {3, 20, 99}, {4, 30, 400}, {5, 40, 900}, {7, 50, 2000}}};

// A part of an expression with its value, and how it was found.
struct Part {
  std::string text;
  char sign = ' ';  // of its outermost operation
  std::int64_t value = 0, of_nine = 0;
  std::string steps, steps_of_nine;
};

std::string bracketed(const Part& part, char outer, bool is_right) {
  const bool is_sum = part.sign == '+' || part.sign == '-';
  const bool needs = (outer == '*' && is_sum) || (outer == '-' && is_right && is_sum);
  return needs ? fmt::format("({})", part.text) : part.text;
}

std::int64_t apply(char sign, std::int64_t left, std::int64_t right) {
  return sign == '+' ? left + right : sign == '-' ? left - right : left * right;
}

Part combine(char sign, const Part& left, const Part& right) {
  const std::int64_t value = apply(sign, left.value, right.value),
                     rough = apply(sign, left.of_nine, right.of_nine), kept = modulo(rough, 9);
  Part whole{.text = fmt::format(
                 "{} {} {}", bracketed(left, sign, false), sign, bracketed(right, sign, true)),
             .sign = sign,
             .value = value,
             .of_nine = kept,
             .steps = left.steps + right.steps,
             .steps_of_nine = left.steps_of_nine + right.steps_of_nine};
  whole.steps += fmt::format("{}{}{}={}\n", left.value, sign, right.value, value);
  whole.steps_of_nine += fmt::format("{}{}{}={}", left.of_nine, sign, right.of_nine, rough);
  whole.steps_of_nine += kept == rough ? "\n" : fmt::format(" -> {}\n", kept);
  return whole;
}

Part draw_part(Rng& rng, int operations, const Size& size) {
  if (operations == 0) {
    const std::int64_t value = rng.between(2, size.most_leaf);
    return {.text = std::to_string(value),
            .value = value,
            .of_nine = value % 9,
            .steps = {},
            .steps_of_nine = {}};
  }
  const int on_the_left = static_cast<int>(rng.between(0, operations - 1));
  while (true) {
    const Part whole = combine(one_of(rng, std::to_array({'+', '-', '*'})),
                               draw_part(rng, on_the_left, size),
                               draw_part(rng, operations - 1 - on_the_left, size));
    if (whole.value >= 1 && whole.value <= size.most_value) {
      return whole;
    }
  }
}

}  // namespace

Draft draw_expression(Rng& rng, int difficulty) {
  const Size& size = at_difficulty(kSizes, difficulty);
  const Part whole = draw_part(rng, size.operations, size);
  return {.content = whole.text,
          .prompt = fmt::format("What is {}?", whole.text),
          .answer = std::to_string(whole.value),
          .plan = "Brackets come first, then products, then sums.\n",
          .steps = whole.steps,
          .check = fmt::format("Let me check by remainders of 9.\n{}The result: {} -> {}. They "
                               "agree, so it is right.\n",
                               whole.steps_of_nine,
                               whole.value,
                               whole.value % 9)};
}

}  // namespace rq::reward
