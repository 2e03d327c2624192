#include "reward/internal/math/number.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

namespace rq::reward::math {
namespace {

constexpr long double kRelativeError = 1e-12L, kAbsoluteError = 1e-15L;
constexpr long double kSixPlaces = 5e-7L, kFiveDigits = 1e-5L;
constexpr std::size_t kMostBits = 1 << 15;  // of a numerator or denominator

std::size_t bits(const mpz_class& number) {
  return mpz_sizeinbase(number.get_mpz_t(), 2);
}
std::size_t bits(const mpq_class& number) {
  return std::max(bits(number.get_num()), bits(number.get_den()));
}

// A double holds 53 bits of it; a second one the next.
long double to_long_double(const mpq_class& value) {
  const double high = value.get_d();
  const double low = mpq_class(value - mpq_class(high)).get_d();
  return static_cast<long double>(high) + static_cast<long double>(low);
}

// Of a real product, infinity * 2 stays real.
Complex product(const Complex& a, const Complex& b) {
  return a.imag() == 0 && b.imag() == 0 ? Complex(a.real() * b.real()) : a * b;
}

Value integer_power(const mpq_class& base, const mpz_class& exponent, Work& work) {
  if (base == 0 && exponent < 0) {
    return std::nullopt;
  }
  if (base == 0 || base == 1 || exponent == 0) {
    return Number::of(exponent == 0 ? mpq_class(1) : base);
  }
  if (base == -1) {
    return Number::of(mpq_class(mpz_even_p(exponent.get_mpz_t()) != 0 ? 1 : -1));
  }
  const mpz_class size = abs(exponent);
  if (size > kMostBits || bits(base) * size.get_ui() > kMostBits) {
    return std::nullopt;
  }
  mpq_class result;
  mpz_pow_ui(result.get_num_mpz_t(), base.get_num_mpz_t(), size.get_ui());
  mpz_pow_ui(result.get_den_mpz_t(), base.get_den_mpz_t(), size.get_ui());
  if (!work.spend(result)) {
    return std::nullopt;
  }
  return Number::of(exponent < 0 ? mpq_class(1 / result) : result);
}

// The root of a rational that is not negative, where it is rational.
std::optional<mpq_class> exact_root(const mpq_class& of, unsigned long index) {
  mpq_class result;
  const bool is_exact = mpz_root(result.get_num_mpz_t(), of.get_num_mpz_t(), index) != 0 &&
                        mpz_root(result.get_den_mpz_t(), of.get_den_mpz_t(), index) != 0;
  return is_exact ? std::optional(result) : std::nullopt;
}

Value general_power(const Complex& base, const Complex& exponent) {
  if (base == Complex(0)) {
    return exponent.real() > 0 ? Number::of(Complex(0)) : std::nullopt;
  }
  const bool is_real = base.imag() == 0 && base.real() > 0 && exponent.imag() == 0;
  return Number::of(is_real ? Complex(std::pow(base.real(), exponent.real()))
                            : std::pow(base, exponent));
}

}  // namespace

Value Number::of(mpq_class value) {
  const auto top = static_cast<long>(bits(value.get_num())),
             bottom = static_cast<long>(bits(value.get_den()));
  if (std::max(top, bottom) > static_cast<long>(kMostBits)) {
    return std::nullopt;
  }
  // Numbers beyond a double have no approximation: they compare exactly or not at all.
  const bool fits = std::abs(top - bottom) < 1000;
  const long double approximate =
      fits ? to_long_double(value) : std::numeric_limits<long double>::quiet_NaN();
  return Number{.exact = std::move(value), .approximate = approximate};
}

Value Number::of(Complex value) {
  const bool is_number =
      !std::isnan(value.real()) && !std::isnan(value.imag()) && !std::isinf(value.imag());
  return is_number ? Value(Number{.exact = {}, .approximate = value}) : std::nullopt;
}

Number Number::infinity() {
  return {.exact = {}, .approximate = std::numeric_limits<long double>::infinity()};
}

bool Number::is_integer() const {
  return exact && exact->get_den() == 1;
}
bool Number::is_real() const {
  return exact ||
         std::abs(approximate.imag()) <= kRelativeError * std::abs(approximate) + kAbsoluteError;
}
bool Number::is_infinite() const {
  return !exact && std::isinf(approximate.real());
}
bool Number::is_zero() const {
  return exact ? *exact == 0 : std::abs(approximate) <= kAbsoluteError;
}

bool Work::spend(const mpq_class& number) {
  const auto words = static_cast<std::int64_t>(bits(number) / 64 + 1);
  left_ -= words * words / 8 + 4 * words + 8;  // as measured
  return left_ > 0;
}

Value add(const Number& a, const Number& b, Work& work) {
  if (a.exact && b.exact) {
    mpq_class sum = *a.exact + *b.exact;
    return work.spend(sum) ? Number::of(std::move(sum)) : std::nullopt;
  }
  return Number::of(a.approximate + b.approximate);
}

Value multiply(const Number& a, const Number& b, Work& work) {
  if (a.exact && b.exact) {
    mpq_class result = *a.exact * *b.exact;
    return work.spend(result) ? Number::of(std::move(result)) : std::nullopt;
  }
  return Number::of(product(a.approximate, b.approximate));
}

Value negate(const Number& a) {
  return a.exact ? Number::of(mpq_class(-*a.exact)) : Number::of(-a.approximate);
}

Value invert(const Number& a) {
  if (a.is_zero()) {
    return std::nullopt;
  }
  return a.exact ? Number::of(mpq_class(1 / *a.exact)) : Number::of(Complex(1) / a.approximate);
}

Value power(const Number& base, const Number& exponent, Work& work) {
  if (base.exact && exponent.is_integer()) {
    return integer_power(*base.exact, exponent.exact->get_num(), work);
  }
  if (base.exact && exponent.exact && *base.exact >= 0 && exponent.exact->get_den() <= 64) {
    const auto rational = exact_root(*base.exact, exponent.exact->get_den().get_ui());
    if (rational) {
      return integer_power(*rational, exponent.exact->get_num(), work);
    }
  }
  return general_power(base.approximate, exponent.approximate);
}

Value root(const Number& of, const Number& index, Work& work) {
  const bool is_negative = of.is_real() && of.approximate.real() < 0;
  const Value reciprocal = invert(index);
  if (!reciprocal) {
    return std::nullopt;
  }
  if (is_negative && index.is_integer() && mpz_odd_p(index.exact->get_num_mpz_t()) != 0) {
    const Value opposite = negate(of);
    const Value positive = opposite ? power(*opposite, *reciprocal, work) : std::nullopt;
    return positive ? negate(*positive) : std::nullopt;
  }
  return power(of, *reciprocal, work);
}

bool are_close(const Number& a, const Number& b, Closeness closeness) {
  if (a.exact && b.exact && (closeness == Closeness::kExact || *a.exact == *b.exact)) {
    return *a.exact == *b.exact;
  }
  if (a.is_infinite() || b.is_infinite()) {
    return a.approximate == b.approximate;
  }
  const long double difference = std::abs(a.approximate - b.approximate);
  const long double larger = std::max(std::abs(a.approximate), std::abs(b.approximate));
  const bool is_same = difference <= std::max(kRelativeError * larger, kAbsoluteError);
  const bool is_rounded = difference <= std::min(kSixPlaces, kFiveDigits * larger);
  return is_same || (closeness == Closeness::kDecimal && is_rounded);
}

}  // namespace rq::reward::math
