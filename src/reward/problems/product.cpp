// Products of two numbers, digit by digit.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/digits.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

constexpr std::array<int, 5> kDigits = {3, 4, 2, 3, 3};
constexpr std::array<int, 5> kFactorDigits = {1, 1, 2, 2, 3};

// A line for each digit of the factor, then the sum of the parts.
std::string multiply(std::int64_t number, std::int64_t factor) {
  std::string text;
  std::vector<std::int64_t> parts;
  std::int64_t scale = 1;
  for (const auto digit : digits_of(factor)) {
    if (digit > 0) {
      text += fmt::format("{}*{}: {}", number, digit, multiply_digits(number, digit));
      parts.push_back(number * digit * scale);
    }
    scale *= 10;
  }
  if (factor >= 10) {
    text += fmt::format("{} = {}\n", fmt::format("{}*{}", number, factor), joined(parts, " + "));
  }
  return parts.size() > 1 ? text + add_columns(parts) : text;
}

}  // namespace

Draft draw_product(Rng& rng, int difficulty) {
  const std::int64_t number = draw_number(rng, at_difficulty(kDigits, difficulty));
  const std::int64_t factor =
      std::max<std::int64_t>(2, draw_number(rng, at_difficulty(kFactorDigits, difficulty)));
  const std::int64_t product = number * factor;
  const std::int64_t left = number % 9, right = factor % 9;
  return {
      .content = fmt::format("{}*{}", std::max(number, factor), std::min(number, factor)),
      .prompt = fmt::format("What is {} * {}?", number, factor),
      .answer = std::to_string(product),
      .plan = fmt::format("I multiply {} by the digits of {}, from the right.\n", number, factor),
      .steps = multiply(number, factor),
      .check = fmt::format("Let me check by remainders of 9: {}, {}.\n"
                           "{}*{}={}\nThe product: {}. They agree, so it is right.\n",
                           remainder_of_nine(number),
                           remainder_of_nine(factor),
                           left,
                           right,
                           remainder_of_nine(left * right),
                           remainder_of_nine(product))};
}

}  // namespace rq::reward
