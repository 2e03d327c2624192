#pragma once
// Numbers as answers have them: exact rationals while they stay so and stay small, complex
// approximations elsewhere.

#include <gmpxx.h>

#include <complex>
#include <cstdint>
#include <optional>

namespace rq::reward::math {

using Complex = std::complex<long double>;

struct Number {
  std::optional<mpq_class> exact;
  Complex approximate;

  static std::optional<Number> of(mpq_class value);  // nothing where a long double cannot hold it
  static std::optional<Number> of(Complex value);    // nothing where it is no number
  static Number infinity();

  bool is_integer() const;
  bool is_real() const;
  bool is_infinite() const;
  bool is_zero() const;
};

// What is not defined (1/0), too large, or past the work allowed, has no value.
using Value = std::optional<Number>;

// How much a comparison may still do, in steps of some twenty nanoseconds.
class Work {
 public:
  // Of one step, and of one with exact arithmetic, whose time grows with the square of its size.
  // Whether there was as much left.
  bool spend() { return --left_ > 0; }
  bool spend(const mpq_class& number);
  bool is_spent() const { return left_ <= 0; }

 private:
  std::int64_t left_ = 100'000;
};

Value add(const Number& a, const Number& b, Work& work);
Value multiply(const Number& a, const Number& b, Work& work);
Value negate(const Number& a);
Value invert(const Number& a);
Value power(const Number& base, const Number& exponent, Work& work);
// The real one of odd index where there is one, else the principal one.
Value root(const Number& of, const Number& index, Work& work);

// How close two numbers must be.
enum class Closeness {
  kExact,    // the same rational, or approximations that differ by their error alone
  kDecimal,  // to six places, as written decimals are
};
bool are_close(const Number& a, const Number& b, Closeness closeness);

}  // namespace rq::reward::math
