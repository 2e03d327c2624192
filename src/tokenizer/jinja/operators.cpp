#include "tokenizer/jinja/operators.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"

namespace rq::tokenizer::jinja {
namespace {

double number(const Value& value, std::string_view symbol) {
  const auto held = value.number();
  check(held.has_value(), "\"{}\" cannot take {}", symbol, value.kind());
  return *held;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}

Value add(const Value& a, const Value& b) {
  if (a.text() != nullptr && b.text() != nullptr) {
    return *a.text() + *b.text();
  }
  if (a.list() != nullptr && b.list() != nullptr) {
    List both = *a.list();
    both.insert(both.end(), b.list()->begin(), b.list()->end());
    return both;
  }
  check(a.number() && b.number(), "\"+\" cannot take {} and {}", a.kind(), b.kind());
  if (a.integer() && b.integer()) {
    return *a.integer() + *b.integer();
  }
  return *a.number() + *b.number();
}

Value repeated(const Value& text_or_list, std::int64_t times) {
  constexpr std::int64_t kMost = 1'000'000;
  check(times <= kMost, "{} repetitions are more than {}", times, kMost);
  std::string text;
  List list;
  for (std::int64_t i = 0; i < times; ++i) {
    if (text_or_list.text() != nullptr) {
      text += *text_or_list.text();
    } else {
      list.insert(list.end(), text_or_list.list()->begin(), text_or_list.list()->end());
    }
  }
  return text_or_list.text() != nullptr ? Value(text) : Value(list);
}

Value multiply(const Value& a, const Value& b) {
  const auto is_sequence = [](const Value& x) {
    return x.text() != nullptr || x.list() != nullptr;
  };
  if (is_sequence(a) && b.integer()) {
    return repeated(a, *b.integer());
  }
  if (is_sequence(b) && a.integer()) {
    return repeated(b, *a.integer());
  }
  if (a.integer() && b.integer()) {
    return *a.integer() * *b.integer();
  }
  return number(a, "*") * number(b, "*");
}

}  // namespace

Value arithmetic(const std::string& symbol, const Value& a, const Value& b) {
  if (symbol == "+") {
    return add(a, b);
  }
  if (symbol == "*") {
    return multiply(a, b);
  }
  const double x = number(a, symbol), y = number(b, symbol);
  const bool is_whole = a.integer() && b.integer();
  if (symbol == "-") {
    return is_whole ? Value(*a.integer() - *b.integer()) : Value(x - y);
  }
  if (symbol == "**") {
    const double power = std::pow(x, y);
    return is_whole && y >= 0 && std::abs(power) < 9e15 ? Value(static_cast<std::int64_t>(power))
                                                        : Value(power);
  }
  check(y != 0, "{} is divided by zero", a.str());
  if (symbol == "/") {
    return x / y;
  }
  if (symbol == "//") {
    return is_whole ? Value(floor_divide(*a.integer(), *b.integer())) : Value(std::floor(x / y));
  }
  return is_whole ? Value(*a.integer() - floor_divide(*a.integer(), *b.integer()) * *b.integer())
                  : Value(x - std::floor(x / y) * y);
}

bool compare(const std::string& symbol, const Value& a, const Value& b) {
  if (symbol == "==" || symbol == "!=") {
    return equal(a, b) == (symbol == "==");
  }
  if (symbol == "in" || symbol == "not in") {
    return contains(b, a) == (symbol == "in");
  }
  return symbol == "<"    ? less(a, b)
         : symbol == ">"  ? less(b, a)
         : symbol == "<=" ? !less(b, a)
                          : !less(a, b);
}

}  // namespace rq::tokenizer::jinja
