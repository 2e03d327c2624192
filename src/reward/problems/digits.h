#pragma once
// Arithmetic of whole numbers as on paper, one digit after the other, so that no step needs more
// than a small table. Numbers are not negative.

#include <cstdint>
#include <string>
#include <vector>

#include "base/rng.h"

namespace rq::reward {

// From the ones up; of 0, one digit.
std::vector<std::int64_t> digits_of(std::int64_t value);

// A number of exactly so many digits.
std::int64_t draw_number(Rng& rng, int digits);

// A line for each place, of at least two terms: "ones: 7+5=12, 12+8=20, write 0, carry 2".
std::string add_columns(const std::vector<std::int64_t>& terms);

// A line for each place, of a number that is no less than what is taken from it: "ones: 12-7=5,
// borrow 1", "tens: 5-1=4, 4-3=1".
std::string subtract_columns(std::int64_t from, std::int64_t amount);

// One line: "7*6=42, write 2, carry 4; 4*6=24, 24+4=28, write 28", for 47*6. `carry` is added to
// the product.
std::string multiply_digits(std::int64_t number, std::int64_t factor, std::int64_t carry = 0);

// "Let me check by remainders of 9: 47 -> 2, 35 -> 8." and so on are made of these: "47 -> 2".
std::string remainder_of_nine(std::int64_t value);

}  // namespace rq::reward
