// Whole numbers, digit by digit, as on paper.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "data/generators/draw.h"
#include "data/generators/topics.h"

namespace rq::data {
namespace {

constexpr std::array<std::string_view, 6> kPlaces = {
    "Ones", "Tens", "Hundreds", "Thousands", "Ten thousands", "Hundred thousands"};
constexpr std::array<std::string_view, 5> kTasks = {
    "Compute", "Calculate", "Work out", "Find", "What is"};

// "Compute 3 + 4." or "What is 3 + 4?"
std::string task(Rng& rng, std::string_view expression) {
  const auto verb = one_of(rng, kTasks);
  return fmt::format("{} {}{}\n", verb, expression, verb == "What is" ? '?' : '.');
}

// Digits from the ones up.
std::vector<std::int64_t> digits_of(std::int64_t value) {
  std::vector<std::int64_t> digits;
  do {
    digits.push_back(value % 10);
    value /= 10;
  } while (value > 0);
  return digits;
}

std::int64_t digit(const std::vector<std::int64_t>& digits, std::size_t place) {
  return place < digits.size() ? digits[place] : 0;
}

}  // namespace

std::string addition(Rng& rng) {
  const std::int64_t a = number(rng, 5), b = number(rng, 5);
  const auto left = digits_of(a), right = digits_of(b);
  std::string text = task(rng, fmt::format("{} + {}", a, b));
  std::int64_t carry = 0;
  for (std::size_t place = 0; place < std::max(left.size(), right.size()); ++place) {
    const std::int64_t x = digit(left, place), y = digit(right, place), sum = x + y + carry;
    text += fmt::format("{}: {} + {}{} = {}, write {}",
                        kPlaces[place],
                        x,
                        y,
                        carry > 0 ? " + 1" : "",
                        sum,
                        sum % 10);
    carry = sum / 10;
    text += carry > 0 ? ", carry 1.\n" : ".\n";
  }
  if (carry > 0) {
    text += "The last carry stands in front.\n";
  }
  return text + fmt::format("So {} + {} = {}.\n", a, b, a + b);
}

std::string subtraction(Rng& rng) {
  const std::int64_t x = number(rng, 5), y = number(rng, 5), a = std::max(x, y), b = std::min(x, y);
  const auto left = digits_of(a), right = digits_of(b);
  std::string text = task(rng, fmt::format("{} - {}", a, b));
  std::int64_t borrowed = 0;
  for (std::size_t place = 0; place < left.size(); ++place) {
    const std::int64_t top = digit(left, place) - borrowed, bottom = digit(right, place);
    text += fmt::format("{}: ", kPlaces[place]);
    if (borrowed > 0) {
      text += fmt::format("{} - 1 = {} after the borrow; ", top + 1, top);
    }
    borrowed = top < bottom ? 1 : 0;
    if (borrowed > 0) {
      text += fmt::format("{} is less than {}, borrow 10: {} - {} = {}.\n",
                          top,
                          bottom,
                          top + 10,
                          bottom,
                          top + 10 - bottom);
    } else {
      text += fmt::format("{} - {} = {}.\n", top, bottom, top - bottom);
    }
  }
  text += fmt::format("So {} - {} = {}.\n", a, b, a - b);
  return rng.below(3) == 0 ? text + fmt::format("Check: {} + {} = {}.\n", a - b, b, a) : text;
}

std::string multiplication(Rng& rng) {
  const std::int64_t a = number(rng, 3), b = number(rng, 3);
  std::string text = task(rng, fmt::format("{} * {}", a, b));
  if (b < 10) {
    return text + fmt::format("{} * {} = {}.\n", a, b, a * b);
  }
  std::string parts, products;
  std::int64_t scale = 1;
  std::vector<std::int64_t> partial;
  for (const auto each : digits_of(b)) {
    if (each > 0) {
      parts = fmt::format("{}{}{}", each * scale, parts.empty() ? "" : " + ", parts);
      partial.insert(partial.begin(), each * scale);
    }
    scale *= 10;
  }
  text += fmt::format("Split {} = {}.\n", b, parts);
  for (const auto part : partial) {
    text += fmt::format("{} * {} = {}\n", a, part, a * part);
    products += fmt::format("{}{}", products.empty() ? "" : " + ", a * part);
  }
  if (partial.size() > 1) {
    text += fmt::format("{} = {}\n", products, a * b);
  }
  return text + fmt::format("So {} * {} = {}.\n", a, b, a * b);
}

std::string division(Rng& rng) {
  const std::int64_t divisor = rng.between(2, rng.below(3) == 0 ? 25 : 9),
                     dividend = number(rng, 4);
  std::string text = task(rng, fmt::format("{} divided by {}", dividend, divisor));
  const auto digits = digits_of(dividend);
  std::int64_t rest = 0;
  for (std::size_t place = digits.size(); place-- > 0;) {
    const std::int64_t part = rest * 10 + digits[place];
    rest = part % divisor;
    text += fmt::format("{} into {} goes {}, {} - {} = {}.\n",
                        divisor,
                        part,
                        part / divisor,
                        part,
                        part - rest,
                        rest);
  }
  text += fmt::format("So {} = {} * {} + {}: ", dividend, divisor, dividend / divisor, rest);
  return text + (rest == 0 ? fmt::format("quotient {}, nothing left over.\n", dividend / divisor)
                           : fmt::format("quotient {}, remainder {}.\n", dividend / divisor, rest));
}

std::string running_sum(Rng& rng) {
  const std::int64_t count = rng.between(3, 6);
  const int digits = rng.below(2) == 0 ? 1 : 2;
  std::int64_t total = number(rng, digits);
  std::string expression = fmt::format("{}", total), steps;
  for (std::int64_t i = 1; i < count; ++i) {
    const std::int64_t size = number(rng, digits),
                       value = rng.below(3) == 0 && size <= total ? -size : size;
    expression += plus(value);
    steps += fmt::format("{}{} = {}\n", total, plus(value), total + value);
    total += value;
  }
  return task(rng, expression) + steps + fmt::format("The answer is {}.\n", total);
}

std::string last_digit(Rng& rng) {
  const std::int64_t count = rng.between(2, 5);
  std::string expression, steps;
  std::int64_t last = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t value = number(rng, 3), ones = value % 10;
    expression += fmt::format("{}{}", i == 0 ? "" : " + ", value);
    if (i > 0) {
      steps +=
          fmt::format("{} + {} = {}, last digit {}\n", last, ones, last + ones, (last + ones) % 10);
    }
    last = (last + ones) % 10;
  }
  return fmt::format(
      "What is the last digit of {}?\n{}The last digit is {}.\n", expression, steps, last);
}

std::string order_of_operations(Rng& rng) {
  const std::int64_t a = number(rng, 2), b = rng.between(2, 12), c = rng.between(2, 12),
                     d = number(rng, 2);
  switch (rng.below(4)) {
    case 0:
      return task(rng, fmt::format("{} + {} * {}", a, b, c)) +
             fmt::format(
                 "The product comes first: {} * {} = {}.\nThen the sum: {} + {} = {}.\nSo {} + {} "
                 "* {} = {}.\n",
                 b,
                 c,
                 b * c,
                 a,
                 b * c,
                 a + b * c,
                 a,
                 b,
                 c,
                 a + b * c);
    case 1:
      return task(rng, fmt::format("({} + {}) * {}", a, b, c)) +
             fmt::format(
                 "The brackets come first: {} + {} = {}.\nThen the product: {} * {} = {}.\nSo ({} "
                 "+ {}) * {} = {}.\n",
                 a,
                 b,
                 a + b,
                 a + b,
                 c,
                 (a + b) * c,
                 a,
                 b,
                 c,
                 (a + b) * c);
    case 2:
      return task(rng, fmt::format("{} * {} - {}", b, c, d)) +
             fmt::format("{} * {} - {} = {} - {} = {}\n", b, c, d, b * c, d, b * c - d);
    default:
      return task(rng, fmt::format("{} * ({} + {}) - {}", b, c, d, a)) +
             fmt::format("{} * ({} + {}) - {} = {} * {} - {} = {} - {} = {}\n",
                         b,
                         c,
                         d,
                         a,
                         b,
                         c + d,
                         a,
                         b * (c + d),
                         a,
                         b * (c + d) - a);
  }
}

}  // namespace rq::data
