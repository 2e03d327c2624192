#include "reward/internal/math/functions.h"

#include <cmath>
#include <complex>
#include <optional>
#include <utility>

namespace rq::reward::math {
namespace {

constexpr unsigned long kMostFactorial = 2'000;  // its result has 19,000 bits
constexpr unsigned long kMostChosen = 200;       // of a binomial coefficient, as a product

mpz_class floor_of(const mpq_class& value) {
  mpz_class result;
  mpz_fdiv_q(result.get_mpz_t(), value.get_num_mpz_t(), value.get_den_mpz_t());
  return result;
}

// An integer of [0, most], else nothing.
std::optional<unsigned long> small(const Number& number, unsigned long most) {
  if (!number.is_integer() || *number.exact < 0 || *number.exact > most) {
    return std::nullopt;
  }
  return number.exact->get_num().get_ui();
}

Value complex_function(std::string_view function, const Complex& z) {
  static constexpr std::pair<std::string_view, Complex (*)(const Complex&)> kAll[] = {
      {"sin", [](const Complex& x) { return std::sin(x); }},
      {"cos", [](const Complex& x) { return std::cos(x); }},
      {"tan", [](const Complex& x) { return std::sin(x) / std::cos(x); }},
      {"cot", [](const Complex& x) { return std::cos(x) / std::sin(x); }},
      {"sec", [](const Complex& x) { return Complex(1) / std::cos(x); }},
      {"csc", [](const Complex& x) { return Complex(1) / std::sin(x); }},
      {"arcsin", [](const Complex& x) { return std::asin(x); }},
      {"arccos", [](const Complex& x) { return std::acos(x); }},
      {"arctan", [](const Complex& x) { return std::atan(x); }},
      {"sinh", [](const Complex& x) { return std::sinh(x); }},
      {"cosh", [](const Complex& x) { return std::cosh(x); }},
      {"tanh", [](const Complex& x) { return std::tanh(x); }},
      {"exp", [](const Complex& x) { return std::exp(x); }},
      {"ln", [](const Complex& x) { return std::log(x); }},
  };
  for (const auto& [name, compute] : kAll) {
    if (name == function) {
      return Number::of(compute(z));
    }
  }
  return std::nullopt;
}

Value rounded(std::string_view function, const Number& argument) {
  if (argument.exact) {
    return Number::of(mpq_class(function == "floor" ? floor_of(*argument.exact)
                                                    : mpz_class(-floor_of(-*argument.exact))));
  }
  const long double x = argument.approximate.real();
  return Number::of(Complex(function == "floor" ? std::floor(x) : std::ceil(x)));
}

Value factorial(const Number& of) {
  if (const auto n = small(of, kMostFactorial)) {
    mpz_class result;
    mpz_fac_ui(result.get_mpz_t(), *n);
    return Number::of(mpq_class(result));
  }
  if (of.is_integer() || !of.is_real()) {
    return std::nullopt;
  }
  return Number::of(Complex(std::tgamma(of.approximate.real() + 1)));
}

// n! / (k! (n - k)!), of what stands for whole numbers.
Value ratio_of_factorials(const Number& of, const Number& count, Work& work) {
  const Value opposite = negate(count);
  const Value rest = opposite ? add(of, *opposite, work) : std::nullopt;
  const Value top = factorial(of), left = factorial(count),
              right = rest ? factorial(*rest) : std::nullopt;
  const Value bottom = left && right ? multiply(*left, *right, work) : std::nullopt;
  const Value inverse = bottom ? invert(*bottom) : std::nullopt;
  return top && inverse ? multiply(*top, *inverse, work) : std::nullopt;
}

}  // namespace

Value apply(std::string_view function, const Number& argument) {
  if (function == "abs") {
    return argument.exact ? Number::of(mpq_class(abs(*argument.exact)))
                          : Number::of(Complex(std::abs(argument.approximate)));
  }
  if (function == "floor" || function == "ceil") {
    return rounded(function, argument);
  }
  if (function == "factorial") {
    return factorial(argument);
  }
  if (function == "ln" && argument.is_zero()) {
    return std::nullopt;
  }
  return complex_function(function, argument.approximate);
}

Value logarithm(const Number& base, const Number& of, Work& work) {
  const Value top = apply("ln", of), bottom = apply("ln", base);
  const Value inverse = bottom ? invert(*bottom) : std::nullopt;
  return top && inverse ? multiply(*top, *inverse, work) : std::nullopt;
}

// n (n - 1) ... (n - k + 1) / k!, whatever n is.
Value binomial(const Number& of, const Number& count, Work& work) {
  const auto chosen = small(count, kMostChosen);
  if (!chosen) {
    return ratio_of_factorials(of, count, work);
  }
  Value result = Number::of(mpq_class(1));
  for (unsigned long i = 0; i < *chosen && result; ++i) {
    const Value factor = add(of, *Number::of(mpq_class(-mpq_class(i))), work);
    result = factor ? multiply(*result, *factor, work) : std::nullopt;
    result = result ? multiply(*result, *Number::of(mpq_class(1, i + 1)), work) : std::nullopt;
  }
  return result;
}

}  // namespace rq::reward::math
