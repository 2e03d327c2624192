#pragma once
// For tests only: the value of what a problem's text says, found without the code that wrote it.

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace rq::reward {

// The value of "3(x - 2) + 17 % 5" by recursive descent; whole numbers divide rounded down.
template <typename Number>
class Evaluator {
 public:
  explicit Evaluator(std::string_view text, Number x = 0) : rest_(text), x_(x) {}

  Number value() {
    const Number result = sum();
    if (!next_is("")) {
      throw std::runtime_error("not understood: " + std::string(rest_));
    }
    return result;
  }

 private:
  void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  // Whether one of the characters is next; of none: whether this is the end.
  bool next_is(std::string_view characters) {
    skip_spaces();
    return rest_.empty() ? characters.empty()
                         : characters.find(rest_.front()) != std::string_view::npos;
  }

  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  Number sum() {
    Number total = product();
    while (next_is("+-")) {
      total = take() == '+' ? total + product() : total - product();
    }
    return total;
  }

  Number product() {
    Number total = factor();
    while (next_is("*/%x(")) {
      if (next_is("x(")) {
        total *= factor();  // "3x", "3(x + 1)"
        continue;
      }
      const char sign = take();
      const Number right = factor();
      total = sign == '*' ? total * right : sign == '/' ? divide(total, right) : rest(total, right);
    }
    return total;
  }

  Number factor() {
    if (next_is("-")) {
      take();
      return -factor();
    }
    if (next_is("x")) {
      take();
      return x_;
    }
    if (next_is("(")) {
      take();
      const Number inner = sum();
      if (!next_is(")")) {
        throw std::runtime_error("no bracket at: " + std::string(rest_));
      }
      take();
      return inner;
    }
    if (!next_is("0123456789")) {
      throw std::runtime_error("no number at: " + std::string(rest_));
    }
    Number number = 0;
    while (!rest_.empty() && std::isdigit(static_cast<unsigned char>(rest_.front())) != 0) {
      number = number * 10 + (take() - '0');
    }
    return number;
  }

  static Number divide(Number left, Number right) {
    if constexpr (std::is_integral_v<Number>) {
      return (left - rest(left, right)) / right;
    } else {
      return left / right;
    }
  }
  static Number rest(Number left, Number right) {
    if constexpr (std::is_integral_v<Number>) {
      return (left % right + right) % right;
    } else {
      throw std::runtime_error("a remainder of broken numbers");
    }
  }

  std::string_view rest_;
  Number x_;
};

inline std::int64_t evaluate(std::string_view text, std::int64_t x = 0) {
  return Evaluator<std::int64_t>(text, x).value();
}

}  // namespace rq::reward
