#pragma once
// The functions of answers, by name, on numbers.

#include <string_view>

#include "reward/internal/math/number.h"

namespace rq::reward::math {

// "sin", "ln", "abs", "floor", "factorial" and their like; nothing for other names. Of a fraction
// the factorial is the gamma function, so that n! / (n - 1)! is n at any point.
Value apply(std::string_view function, const Number& argument);

Value logarithm(const Number& base, const Number& of, Work& work);
Value binomial(const Number& of, const Number& count, Work& work);

}  // namespace rq::reward::math
