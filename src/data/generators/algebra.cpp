// Letters: equations solved step by step, expressions rewritten, sequences.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/format.h"
#include "base/rng.h"
#include "data/generators/draw.h"
#include "data/generators/topics.h"

namespace rq::data {
namespace {

constexpr std::array<std::string_view, 5> kLetters = {"x", "y", "n", "t", "m"};

// "Add 3 to both sides" for -3, "Subtract 3 from both sides" for 3: what takes a term away.
std::string take_away(std::int64_t value, std::string_view letters = "") {
  const std::string what = letters.empty() ? fmt::format("{}", value < 0 ? -value : value)
                                           : term(value < 0 ? -value : value, letters);
  return value < 0 ? fmt::format("Add {} to both sides", what)
                   : fmt::format("Subtract {} from both sides", what);
}

}  // namespace

std::string linear_equation(Rng& rng) {
  const std::string_view x = one_of(rng, kLetters);
  const std::int64_t a = rng.between(2, 15), b = nonzero(rng, 50), solution = rng.between(-20, 20),
                     c = a * solution + b;
  std::string text = fmt::format("Solve {}{} = {} for {}.\n", term(a, x), plus(b), c, x);
  text += fmt::format("{}: {} = {}\n", take_away(b), term(a, x), c - b);
  text += fmt::format("Divide both sides by {}: {} = {}\n", a, x, solution);
  if (rng.below(2) == 0) {
    text += fmt::format("Check: {} * {}{} = {}{} = {}\n",
                        a,
                        solution < 0 ? fmt::format("({})", solution) : fmt::format("{}", solution),
                        plus(b),
                        a * solution,
                        plus(b),
                        c);
  }
  return text;
}

std::string equation_with_two_sides(Rng& rng) {
  const std::string_view x = one_of(rng, kLetters);
  const std::int64_t c = nonzero(rng, 9), difference = rng.between(2, 12), a = c + difference;
  const std::int64_t b = nonzero(rng, 40), solution = rng.between(-15, 15),
                     d = difference * solution + b;
  if (a == 0 || d == 0) {
    return linear_equation(rng);  // a side would lose its shape
  }
  std::string text =
      fmt::format("Solve {}{} = {}{} for {}.\n", term(a, x), plus(b), term(c, x), plus(d), x);
  text += fmt::format("{}: {}{} = {}\n", take_away(c, x), term(difference, x), plus(b), d);
  text += fmt::format("{}: {} = {}\n", take_away(b), term(difference, x), d - b);
  return text + fmt::format("Divide both sides by {}: {} = {}\n", difference, x, solution);
}

std::string system_of_equations(Rng& rng) {
  const std::int64_t x = rng.between(-9, 12), y = rng.between(-9, 12), a = rng.between(2, 6),
                     b = rng.between(2, 6);
  const std::int64_t sum = x + y, second = a * x - b * y;
  std::string text = fmt::format(
      "Solve the system: x + y = {} and {} - {} = {}.\n", sum, term(a, "x"), term(b, "y"), second);
  text += fmt::format("The first gives y = {} - x.\n", sum);
  text +=
      fmt::format("Put it into the second: {} - {}({} - x) = {}\n", term(a, "x"), b, sum, second);
  text +=
      fmt::format("Expand: {}{}{} = {}\n", term(a, "x"), plus(-b * sum), plus_term(b, "x"), second);
  text += fmt::format("Collect: {} = {}\n", term(a + b, "x"), second + b * sum);
  text += fmt::format("Divide both sides by {}: x = {}\n", a + b, x);
  return text + fmt::format("Then y = {} - {} = {}\n",
                            sum,
                            x < 0 ? fmt::format("({})", x) : fmt::format("{}", x),
                            y);
}

std::string like_terms(Rng& rng) {
  const std::string_view x = one_of(rng, kLetters);
  std::int64_t letters = rng.between(1, 12), numbers = 0;
  std::string expression = term(letters, x), letter_sum = fmt::format("{}", letters), number_sum;
  for (std::int64_t count = rng.between(3, 5); count > 0; --count) {
    const std::int64_t value = nonzero(rng, 15);
    if (rng.below(2) == 0) {
      expression += plus_term(value, x);
      letter_sum += plus(value);
      letters += value;
    } else {
      expression += plus(value);
      number_sum += number_sum.empty() ? fmt::format("{}", value) : plus(value);
      numbers += value;
    }
  }
  std::string text =
      fmt::format("Simplify {}.\nTerms with {}: {} = {}\n", expression, x, letter_sum, letters);
  if (!number_sum.empty()) {
    text += fmt::format("Numbers: {} = {}\n", number_sum, numbers);
  }
  std::string result = letters == 0 ? fmt::format("{}", numbers) : term(letters, x);
  if (letters != 0 && numbers != 0) {
    result += plus(numbers);
  }
  return text + fmt::format("{} = {}\n", expression, result);
}

std::string expanding(Rng& rng) {
  const std::string_view x = one_of(rng, kLetters);
  const std::int64_t a = nonzero(rng, 12), b = nonzero(rng, 12);
  const std::string square = fmt::format("{}^2", x);
  return fmt::format(
      "Expand ({0}{1})({0}{2}).\nFirst: {0} * {0} = {3}\nOuter and inner: {4}{5} = {6}\nLast: {7} "
      "* {8} = {9}\n({0}{1})({0}{2}) = {3}{10}{11}\n",
      x,
      plus(a),
      plus(b),
      square,
      term(b, x),
      plus_term(a, x),
      a + b == 0 ? "0" : term(a + b, x),
      a < 0 ? fmt::format("({})", a) : fmt::format("{}", a),
      b < 0 ? fmt::format("({})", b) : fmt::format("{}", b),
      a * b,
      plus_term(a + b, x),
      plus(a * b));
}

std::string factoring(Rng& rng) {
  const std::string_view x = one_of(rng, kLetters);
  const std::int64_t p = nonzero(rng, 10), q = nonzero(rng, 10);
  const auto bracketed = [](std::int64_t value) {
    return value < 0 ? fmt::format("({})", value) : fmt::format("{}", value);
  };
  return fmt::format(
      "Factor {0}^2{1}{2}.\nTwo numbers with the sum {3} and the product {4} are needed.\n{5}{6} = "
      "{3} and {7} * {8} = {4}.\n{0}^2{1}{2} = ({0}{9})({0}{10})\n",
      x,
      plus_term(p + q, x),
      plus(p * q),
      p + q,
      p * q,
      p,
      plus(q),
      bracketed(p),
      bracketed(q),
      plus(p),
      plus(q));
}

std::string substitution(Rng& rng) {
  const std::string_view x = one_of(rng, kLetters);
  const std::int64_t a = rng.between(2, 9), b = nonzero(rng, 20), value = rng.between(2, 12);
  if (rng.below(2) == 0) {
    return fmt::format("Evaluate {0}{1} at {2} = {3}.\nThe value is {4} * {3}{1} = {5}{1} = {6}.\n",
                       term(a, x),
                       plus(b),
                       x,
                       value,
                       a,
                       a * value,
                       a * value + b);
  }
  return fmt::format("Evaluate {0}^2{1} at {0} = {2}.\nThe value is {2} * {2}{1} = {3}{1} = {4}.\n",
                     x,
                     plus(b),
                     value,
                     value * value,
                     value * value + b);
}

std::string arithmetic_sequence(Rng& rng) {
  const std::int64_t first = rng.between(-10, 40), step = nonzero(rng, 12),
                     count = rng.between(4, 6), index = rng.between(8, 30);
  std::string terms;
  for (std::int64_t i = 0; i < count; ++i) {
    terms += fmt::format("{}{}", i == 0 ? "" : ", ", first + i * step);
  }
  const std::int64_t last = first + (count - 1) * step;
  std::string text = fmt::format("Continue the sequence {}.\n", terms);
  text += fmt::format(
      "Each term is the one before {} {}.\n", step < 0 ? "minus" : "plus", step < 0 ? -step : step);
  text += fmt::format("The next is {}{} = {}.\n", last, plus(step), last + step);
  return text + fmt::format("Term number {} is {} + {} * {} = {}.\n",
                            index,
                            first,
                            index - 1,
                            step < 0 ? fmt::format("({})", step) : fmt::format("{}", step),
                            first + (index - 1) * step);
}

std::string geometric_sequence(Rng& rng) {
  const std::int64_t first = rng.between(1, 9), ratio = rng.between(2, 5),
                     count = rng.between(3, 5);
  std::string terms, steps;
  std::int64_t value = first;
  for (std::int64_t i = 0; i < count; ++i) {
    terms += fmt::format("{}{}", i == 0 ? "" : ", ", value);
    value *= ratio;
  }
  value /= ratio;
  for (int i = 0; i < 2; ++i) {
    steps += fmt::format("{} * {} = {}\n", value, ratio, value * ratio);
    value *= ratio;
  }
  return fmt::format(
      "Find the next two terms of {}.\nEach term is {} times the one before.\n{}So they are {} and "
      "{}.\n",
      terms,
      ratio,
      steps,
      value / ratio,
      value);
}

}  // namespace rq::data
