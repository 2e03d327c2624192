#include "reward/problems/digits.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/format.h"
#include "base/rng.h"

namespace rq::reward {
namespace {

constexpr std::array<std::string_view, 8> kPlaces = {"ones",
                                                     "tens",
                                                     "hundreds",
                                                     "thousands",
                                                     "ten thousands",
                                                     "hundred thousands",
                                                     "millions",
                                                     "ten millions"};

// What is written below a column, and what goes on to the next; of the last, all is written.
std::string write_and_carry(std::int64_t total, bool is_last) {
  if (is_last || total < 10) {
    return fmt::format("write {}", total);
  }
  return fmt::format("write {}, carry {}", total % 10, total / 10);
}

}  // namespace

std::vector<std::int64_t> digits_of(std::int64_t value) {
  std::vector<std::int64_t> digits;
  do {
    digits.push_back(value % 10);
    value /= 10;
  } while (value > 0);
  return digits;
}

std::int64_t draw_number(Rng& rng, int digits) {
  std::int64_t least = 1;
  for (int i = 1; i < digits; ++i) {
    least *= 10;
  }
  return rng.between(least, 10 * least - 1);
}

std::string add_columns(const std::vector<std::int64_t>& terms) {
  std::vector<std::vector<std::int64_t>> columns;
  for (const auto term : terms) {
    const std::vector<std::int64_t> digits = digits_of(term);
    columns.resize(std::max(columns.size(), digits.size()));
    for (std::size_t place = 0; place < digits.size(); ++place) {
      columns[place].push_back(digits[place]);
    }
  }
  std::string text;
  std::int64_t carry = 0;
  for (std::size_t place = 0; place < columns.size(); ++place) {
    if (carry > 0) {
      columns[place].insert(columns[place].begin(), carry);
    }
    std::int64_t total = columns[place].front();
    text += fmt::format("{}: ", kPlaces[place]);
    for (std::size_t i = 1; i < columns[place].size(); ++i) {
      const std::int64_t digit = columns[place][i];
      text += fmt::format("{}+{}={}, ", total, digit, total + digit);
      total += digit;
    }
    text += write_and_carry(total, place + 1 == columns.size()) + "\n";
    carry = total / 10;
  }
  return text;
}

std::string subtract_columns(std::int64_t from, std::int64_t amount) {
  const std::vector<std::int64_t> digits = digits_of(from);
  std::vector<std::int64_t> taken = digits_of(amount);
  taken.resize(digits.size());
  std::string text;
  bool is_borrowed = false;
  for (std::size_t place = 0; place < digits.size(); ++place) {
    std::int64_t digit = digits[place];
    const bool borrows = digit - (is_borrowed ? 1 : 0) < taken[place];
    digit += borrows ? 10 : 0;
    text += fmt::format("{}: ", kPlaces[place]);
    if (is_borrowed) {
      text += fmt::format("{}-1={}, ", digit, digit - 1);
      --digit;
    }
    text += fmt::format(
        "{}-{}={}{}\n", digit, taken[place], digit - taken[place], borrows ? ", borrow 1" : "");
    is_borrowed = borrows;
  }
  return text;
}

std::string multiply_digits(std::int64_t number, std::int64_t factor, std::int64_t carry) {
  const std::vector<std::int64_t> digits = digits_of(number);
  std::string text;
  for (std::size_t place = 0; place < digits.size(); ++place) {
    const std::int64_t product = digits[place] * factor, total = product + carry;
    text += fmt::format("{}{}*{}={}, ", place == 0 ? "" : "; ", digits[place], factor, product);
    if (carry > 0) {
      text += fmt::format("{}+{}={}, ", product, carry, total);
    }
    text += write_and_carry(total, place + 1 == digits.size());
    carry = total / 10;
  }
  return text + "\n";
}

std::string remainder_of_nine(std::int64_t value) {
  return fmt::format("{} -> {}", value, value % 9);
}

}  // namespace rq::reward
