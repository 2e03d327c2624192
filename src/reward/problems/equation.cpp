// Linear equations of one unknown, solved by doing the same to both sides.

#include <cstdint>
#include <string>
#include <utility>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

// " + 5" or " - 5"
std::string plus(std::int64_t value) {
  return fmt::format(" {} {}", value < 0 ? '-' : '+', value < 0 ? -value : value);
}

// "3x + 5"
std::string side(std::int64_t factor, std::int64_t constant) {
  return (factor == 1 ? "x" : fmt::format("{}x", factor)) + (constant == 0 ? "" : plus(constant));
}

std::int64_t draw_constant(Rng& rng, std::int64_t most) {
  const std::int64_t size = rng.between(1, most);
  return rng.below(2) == 0 ? size : -size;
}

// factor*x + constant = right, whatever led to it.
std::string solve(std::int64_t factor, std::int64_t constant, std::int64_t solution) {
  const std::int64_t right = factor * solution + constant;
  std::string text;
  if (constant != 0) {
    text += fmt::format("{}x = {}{} = {}\n", factor, right, plus(-constant), right - constant);
  }
  return text + fmt::format("x = {}/{} = {}\n", right - constant, factor, solution);
}

// The value of factor*x + constant at the solution.
std::string put_in(std::int64_t factor, std::int64_t constant, std::int64_t solution) {
  return fmt::format("{}*{}{}={}{}={}",
                     factor,
                     solution,
                     plus(constant),
                     factor * solution,
                     plus(constant),
                     factor * solution + constant);
}

Draft finish(const std::string& equation,
             std::int64_t solution,
             std::string steps,
             std::string check) {
  return {.content = equation,
          .prompt = fmt::format("Solve {} for x.", equation),
          .answer = std::to_string(solution),
          .plan = "I do the same to both sides until x stands alone.\n",
          .steps = std::move(steps),
          .check = fmt::format(
              "Let me check with x = {}.\n{}\nBoth sides are the same, so it is right.\n",
              solution,
              check)};
}

// 3x + 5 = 26
Draft one_side(Rng& rng, std::int64_t most_factor, std::int64_t most) {
  const std::int64_t factor = rng.between(2, most_factor), solution = rng.between(2, most),
                     constant = draw_constant(rng, most);
  const std::int64_t right = factor * solution + constant;
  return finish(fmt::format("{} = {}", side(factor, constant), right),
                solution,
                solve(factor, constant, solution),
                fmt::format("Left: {}. Right: {}.", put_in(factor, constant, solution), right));
}

// 5x + 4 = 2x + 25
Draft two_sides(Rng& rng) {
  const std::int64_t right_factor = rng.between(2, 9), factor = rng.between(2, 9),
                     left_factor = right_factor + factor, solution = rng.between(-20, 30),
                     constant = draw_constant(rng, 40);
  const std::int64_t right_constant = factor * solution + constant;
  return finish(
      fmt::format("{} = {}", side(left_factor, constant), side(right_factor, right_constant)),
      solution,
      fmt::format("{} = {}\n", side(factor, constant), right_constant) +
          solve(factor, constant, solution),
      fmt::format("Left: {}. Right: {}.",
                  put_in(left_factor, constant, solution),
                  put_in(right_factor, right_constant, solution)));
}

// 7(x - 3) + 4 = 2x + 25
Draft with_brackets(Rng& rng) {
  const std::int64_t right_factor = rng.between(2, 9), factor = rng.between(2, 9),
                     outer = right_factor + factor, inner = draw_constant(rng, 12),
                     outside = draw_constant(rng, 40), solution = rng.between(-20, 30);
  const std::int64_t constant = outer * inner + outside,
                     right_constant = factor * solution + constant;
  return finish(
      fmt::format(
          "{}(x{}){} = {}", outer, plus(inner), plus(outside), side(right_factor, right_constant)),
      solution,
      fmt::format("{0}*{1}={2}, {2}{3}={4}\n{5} = {6}\n{7} = {8}\n",
                  outer,
                  inner,
                  outer * inner,
                  plus(outside),
                  constant,
                  side(outer, constant),
                  side(right_factor, right_constant),
                  side(factor, constant),
                  right_constant) +
          solve(factor, constant, solution),
      fmt::format("Left: {}{}={}, {}. Right: {}.",
                  solution,
                  plus(inner),
                  solution + inner,
                  put_in(outer, outside, solution + inner),
                  put_in(right_factor, right_constant, solution)));
}

// 7(x - 3) + 2(x + 4) = 31
Draft two_brackets(Rng& rng) {
  const std::int64_t first = rng.between(2, 9), second = rng.between(2, 9),
                     solution = rng.between(-30, 40), a = draw_constant(rng, 20),
                     b = draw_constant(rng, 20);
  const std::int64_t factor = first + second, constant = first * a + second * b,
                     right = factor * solution + constant;
  return finish(fmt::format("{}(x{}) + {}(x{}) = {}", first, plus(a), second, plus(b), right),
                solution,
                fmt::format("{}*{}={}, {}*{}={}, {}{}={}\n{}+{}={}\n{} = {}\n",
                            first,
                            a,
                            first * a,
                            second,
                            b,
                            second * b,
                            first * a,
                            plus(second * b),
                            constant,
                            first,
                            second,
                            factor,
                            side(factor, constant),
                            right) +
                    solve(factor, constant, solution),
                fmt::format("Left: {0}*{1}={2}, {3}*{4}={5}, {2}{6}={7}. Right: {7}.",
                            first,
                            solution + a,
                            first * (solution + a),
                            second,
                            solution + b,
                            second * (solution + b),
                            plus(second * (solution + b)),
                            right));
}

}  // namespace

Draft draw_equation(Rng& rng, int difficulty) {
  switch (difficulty) {
    case 1:
      return one_side(rng, 5, 30);
    case 2:
      return one_side(rng, 9, 60);
    case 3:
      return two_sides(rng);
    case 4:
      return with_brackets(rng);
    default:
      return two_brackets(rng);
  }
}

}  // namespace rq::reward
