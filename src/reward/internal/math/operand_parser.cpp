// The operands of parser.h: numbers, names and functions.

#include <string>
#include <utility>

#include "reward/internal/math/notation.h"
#include "reward/internal/math/parser.h"

namespace rq::reward::math {
namespace {

constexpr long kMostExponent = 10'000;  // of "1e400": beyond it no number is read

mpz_class power_of_ten(std::size_t exponent) {
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, exponent);
  return power;
}

bool is_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

mpz_class read_integer(const std::string& digits, int base) {
  mpz_class integer;
  if (digits.empty() || base < 2 || base > 36 || integer.set_str(digits, base) != 0) {
    throw NotMathematics();
  }
  return integer;
}

// "12.5e-3", exactly.
Node read_number(const std::string& text) {
  const auto exponent_at = text.find('e');
  std::string digits = text.substr(0, exponent_at);
  long exponent = 0;
  if (exponent_at != std::string::npos) {
    const std::string written = text.substr(exponent_at + 1);
    exponent = written.size() > 6 ? kMostExponent + 1 : std::stol(written);
  }
  const auto point = digits.find('.');
  if (point != std::string::npos) {
    exponent -= static_cast<long>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  if (std::abs(exponent) > kMostExponent) {
    throw NotMathematics();
  }
  const mpz_class power = power_of_ten(static_cast<std::size_t>(std::abs(exponent)));
  Node node = make_number(read_integer(digits, 10));
  exponent < 0 ? node.value /= power : node.value *= power;
  node.text = point != std::string::npos ? "decimal" : "";
  return node;
}

}  // namespace

Node Parser::number() {
  if (here().kind != TokenKind::kNumber) {
    throw NotMathematics();
  }
  const std::string text = tokens_[at_++].text;
  Node value = read_number(text);
  const bool repeats = here().kind == TokenKind::kFunction && here().text == "overline";
  if (repeats && text.find('.') != std::string::npos) {
    return repeating(value, text.size() - text.find('.') - 1);
  }
  if (!here().is("_")) {
    return value;
  }
  const std::string base = subscript();  // 101_2
  if (!is_digits(base) || base.size() > 2) {
    throw NotMathematics();
  }
  Node based = make_node(Kind::kBased, base, std::move(value));
  based.value = read_integer(text, std::stoi(base));
  return based;
}

// "0.1\overline{6}", of which the digits before the line are `begin` and `places` behind the point.
Node Parser::repeating(const Node& begin, std::size_t places) {
  ++at_;
  const bool is_braced = take("{");
  const std::string period = here().text;
  if (here().kind != TokenKind::kNumber || !is_digits(period)) {
    throw NotMathematics();
  }
  ++at_;
  if (is_braced) {
    expect("}");
  }
  const mpz_class nines = power_of_ten(period.size()) - 1;
  mpq_class rest(read_integer(period, 10), nines * power_of_ten(places));
  rest.canonicalize();
  return make_number(begin.value + rest);
}

// The texts behind "_", joined.
std::string Parser::subscript() {
  expect("_");
  std::string text;
  const bool is_braced = take("{");
  while (!at_end() && !here().is("}")) {
    text += tokens_[at_++].text;
    if (!is_braced) {
      return text;
    }
  }
  expect("}");
  return text;
}

Node Parser::name() {
  Node node = make_node(Kind::kName, tokens_[at_++].text);
  if (here().is("_")) {
    node.text += "_" + subscript();
  }
  return node;
}

Node Parser::argument() {
  const Level level(depth_);
  if (take("{")) {
    return group("}");
  }
  if (here().kind == TokenKind::kNumber && here().text.size() > 1) {
    std::string& digits = tokens_[at_].text;
    Node digit = read_number(digits.substr(0, 1));
    digits.erase(0, 1);
    return digit;
  }
  return atom();
}

Node Parser::function() {
  const std::string function = tokens_[at_++].text;
  if (function == "frac" || function == "binom") {
    Node first = argument(), second = argument();
    return function == "binom"
               ? make_node(Kind::kFunction, function, std::move(first), std::move(second))
               : make_node(Kind::kProduct,
                           "",
                           std::move(first),
                           make_node(Kind::kInverse, "", std::move(second)));
  }
  if (function == "sqrt") {
    return square_root();
  }
  if (function == "matrix") {
    return matrix();
  }
  if (function == "floor" || function == "ceil") {
    Node result = make_node(Kind::kFunction, function, sum());
    expect(function == "floor" ? "rfloor" : "rceil");
    return result;
  }
  if (!is_named_function(function)) {
    throw NotMathematics();  // an unknown command, or a line over anything but repeating digits
  }
  return named_function(function);
}

Node Parser::square_root() {
  Node index = make_number(2);
  if (take("[")) {
    index = sum();
    expect("]");
  }
  return make_node(Kind::kFunction, "sqrt", argument(), std::move(index));
}

// "\sin^2 x", "\log_2 8", "\ln(x)".
Node Parser::named_function(std::string function) {
  const Level level(depth_);
  Node base = make_number(10);
  if (function == "log" && take("_")) {
    base = argument();
  }
  std::optional<Node> power;
  if (take("^")) {
    power = argument();
  }
  const bool is_inverse = power && power->kind == Kind::kNegative && is_integer(power->parts[0]) &&
                          power->parts[0].value == 1;
  if (takes_angle(function) && is_inverse) {
    function = "arc" + function;
    power.reset();
  }
  Node of = here().is("(") || here().is("{") ? atom() : bare_argument();
  Node result = function == "log"
                    ? make_node(Kind::kFunction, function, std::move(base), std::move(of))
                    : make_node(Kind::kFunction, function, std::move(of));
  return power ? make_node(Kind::kPower, "", std::move(result), std::move(*power)) : result;
}

Node Parser::bare_argument() {
  const Level level(depth_);
  Node total = make_node(Kind::kProduct, "", factor());
  while (begins_factor() && here().kind != TokenKind::kNumber) {
    const bool is_function =
        here().kind == TokenKind::kFunction && here().text != "frac" && here().text != "sqrt";
    if (is_function || here().is("(")) {
      break;
    }
    total.parts.push_back(factor());
  }
  return unless_alone(std::move(total));
}

}  // namespace rq::reward::math
