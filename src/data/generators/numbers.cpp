// Divisors, fractions, percentages, remainders.

#include <array>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>

#include "base/format.h"
#include "base/rng.h"
#include "data/generators/draw.h"
#include "data/generators/topics.h"

namespace rq::data {
namespace {

// " = 3/4" if 6/8 can be reduced, " = 3" if it is whole; nothing otherwise.
std::string reduced(std::int64_t top, std::int64_t bottom) {
  const std::int64_t divisor = std::gcd(top, bottom);
  if (bottom / divisor == 1) {
    return fmt::format(" = {}", top / divisor);
  }
  return divisor == 1 ? std::string() : fmt::format(" = {}/{}", top / divisor, bottom / divisor);
}

}  // namespace

std::string greatest_common_divisor(Rng& rng) {
  const std::int64_t shared = rng.between(1, 12), a = shared * rng.between(2, 40),
                     b = shared * rng.between(2, 40);
  std::int64_t large = std::max(a, b), small = std::min(a, b);
  std::string text = fmt::format("Find the greatest common divisor of {} and {}.\n", a, b);
  while (small > 0) {
    const std::int64_t rest = large % small;
    text += fmt::format("{} = {} * {} + {}\n", large, large / small, small, rest);
    large = small;
    small = rest;
  }
  text += fmt::format("The last remainder that is not 0 is the answer: {}.\n", large);
  if (rng.below(2) == 0) {
    text += fmt::format(
        "The least common multiple is {} * {} / {} = {}.\n", a, b, large, a / large * b);
  }
  return text;
}

std::string prime_factors(Rng& rng) {
  constexpr std::array<std::int64_t, 8> kPrimes = {2, 2, 3, 3, 5, 7, 11, 13};
  std::int64_t value = 1;
  for (std::int64_t count = rng.between(2, 5); count > 0 && value < 2000; --count) {
    value *= one_of(rng, kPrimes);
  }
  std::string text = fmt::format("Write {} as a product of primes.\n", value), product;
  std::int64_t rest = value;
  for (std::int64_t prime = 2; rest > 1; ++prime) {
    while (rest % prime == 0) {
      if (rest != prime) {
        text += fmt::format("{} = {} * {}\n", rest, prime, rest / prime);
      }
      product += fmt::format("{}{}", product.empty() ? "" : " * ", prime);
      rest /= prime;
    }
  }
  return text + fmt::format("{} is prime, so {} = {}.\n",
                            product.substr(product.find_last_of(' ') + 1),
                            value,
                            product);
}

std::string lowest_terms(Rng& rng) {
  const std::int64_t scale = rng.between(2, 15), top = scale * rng.between(1, 12),
                     bottom = scale * rng.between(2, 15);
  const std::int64_t divisor = std::gcd(top, bottom);
  return fmt::format(
      "Write {0}/{1} in lowest terms.\nBoth are divisible by {2}: {0} / {2} = {3} and {1} / {2} = "
      "{4}.\nSo {0}/{1}{5}.\n",
      top,
      bottom,
      divisor,
      top / divisor,
      bottom / divisor,
      reduced(top, bottom));
}

std::string adding_fractions(Rng& rng) {
  const std::int64_t b = rng.between(2, 12), d = rng.between(2, 12), a = rng.between(1, b),
                     c = rng.between(1, d);
  const std::int64_t common = std::lcm(b, d), left = a * (common / b), right = c * (common / d);
  const bool is_sum = rng.below(2) == 0 || left < right;
  const char sign = is_sum ? '+' : '-';
  const std::int64_t top = is_sum ? left + right : left - right;
  std::string text = fmt::format(
      "Compute {}/{} {} {}/{}.\nThe common denominator is {}.\n", a, b, sign, c, d, common);
  text +=
      fmt::format("{}/{} = {}/{} and {}/{} = {}/{}.\n", a, b, left, common, c, d, right, common);
  return text + fmt::format("{0}/{1} {2} {3}/{4} = {5}/{6} {2} {7}/{6} = {8}/{6}{9}\n",
                            a,
                            b,
                            sign,
                            c,
                            d,
                            left,
                            common,
                            right,
                            top,
                            reduced(top, common));
}

std::string multiplying_fractions(Rng& rng) {
  const std::int64_t a = rng.between(1, 12), b = rng.between(2, 12), c = rng.between(1, 12),
                     d = rng.between(2, 12);
  if (rng.below(2) == 0) {
    return fmt::format(
        "Compute {0}/{1} * {2}/{3}.\nTop times top and bottom times bottom: {0} * {2} = {4} and "
        "{1} * {3} = {5}.\n{0}/{1} * {2}/{3} = {4}/{5}{6}\n",
        a,
        b,
        c,
        d,
        a * c,
        b * d,
        reduced(a * c, b * d));
  }
  return fmt::format(
      "Divide {0}/{1} by {2}/{3}.\nTo divide by a fraction, multiply by it turned over.\n({0}/{1}) "
      "/ ({2}/{3}) = {0}/{1} * {3}/{2} = {4}/{5}{6}\n",
      a,
      b,
      c,
      d,
      a * d,
      b * c,
      reduced(a * d, b * c));
}

std::string percentage(Rng& rng) {
  const std::int64_t percent = rng.between(1, 19) * 5, whole = rng.between(1, 60) * 20,
                     part = percent * whole / 100;
  switch (rng.below(4)) {
    case 0:
      return fmt::format("What is {0}% of {1}?\n{0}% of {1} is {0}/100 * {1} = {2}/100 = {3}.\n",
                         percent,
                         whole,
                         percent * whole,
                         part);
    case 1:
      return fmt::format(
          "A price of {1} rises by {0}%. What is the new price?\nThe rise is {0}/100 * {1} = "
          "{2}.\nThe new price is {1} + {2} = {3}.\n",
          percent,
          whole,
          part,
          whole + part);
    case 2:
      return fmt::format(
          "A price of {1} falls by {0}%. What is the new price?\nThe fall is {0}/100 * {1} = "
          "{2}.\nThe new price is {1} - {2} = {3}.\n",
          percent,
          whole,
          part,
          whole - part);
    default:
      return fmt::format(
          "What percentage of {1} is {2}?\n{2}/{1} = {0}/100, so {2} is {0}% of {1}.\n",
          percent,
          whole,
          part);
  }
}

std::string remainder_of_power(Rng& rng) {
  const std::int64_t base = rng.between(2, 12), exponent = rng.between(3, 7),
                     modulus = rng.between(3, 13);
  std::string text = fmt::format(
      "What is the remainder of {}^{} after division by {}?\n", base, exponent, modulus);
  std::int64_t rest = base % modulus;
  text += fmt::format("{}^1 leaves {}.\n", base, rest);
  for (std::int64_t power = 2; power <= exponent; ++power) {
    const std::int64_t product = rest * base;
    text += fmt::format("{}^{}: {} * {} = {}, and {} = {} * {} + {}, so it leaves {}.\n",
                        base,
                        power,
                        rest,
                        base,
                        product,
                        product,
                        product / modulus,
                        modulus,
                        product % modulus,
                        product % modulus);
    rest = product % modulus;
  }
  return text + fmt::format("The remainder is {}.\n", rest);
}

}  // namespace rq::data
