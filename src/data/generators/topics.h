#pragma once
// The topics of worked mathematics. Each function writes one exercise with its steps and its
// answer, a few lines that end with a newline. Whatever stands on both sides of "=" is equal: for
// every value of its letters, or, after "Solve", for the solution.

#include <string>

#include "base/rng.h"

namespace rq::data {

// arithmetic.cpp: whole numbers, digit by digit
std::string addition(Rng& rng);
std::string subtraction(Rng& rng);
std::string multiplication(Rng& rng);
std::string division(Rng& rng);
std::string running_sum(Rng& rng);
std::string last_digit(Rng& rng);
std::string order_of_operations(Rng& rng);

// numbers.cpp: divisors, fractions, percentages
std::string greatest_common_divisor(Rng& rng);
std::string prime_factors(Rng& rng);
std::string lowest_terms(Rng& rng);
std::string adding_fractions(Rng& rng);
std::string multiplying_fractions(Rng& rng);
std::string percentage(Rng& rng);
std::string remainder_of_power(Rng& rng);

// algebra.cpp: letters
std::string linear_equation(Rng& rng);
std::string equation_with_two_sides(Rng& rng);
std::string system_of_equations(Rng& rng);
std::string like_terms(Rng& rng);
std::string expanding(Rng& rng);
std::string factoring(Rng& rng);
std::string substitution(Rng& rng);
std::string arithmetic_sequence(Rng& rng);
std::string geometric_sequence(Rng& rng);

// stories.cpp: word problems
std::string shopping(Rng& rng);
std::string sharing(Rng& rng);
std::string journey(Rng& rng);
std::string ages(Rng& rng);
std::string counting(Rng& rng);
std::string comparison(Rng& rng);

}  // namespace rq::data
