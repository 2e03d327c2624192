// The arithmetic of parser.h: what stands between and behind operands.

#include <string>
#include <utility>

#include "reward/internal/math/parser.h"
#include "reward/internal/math/units.h"

namespace rq::reward::math {
namespace {

constexpr int kMostPostfixes = 8;
}  // namespace

Node Parser::sum() {
  const Level level(depth_);
  Node total = make_node(Kind::kSum, "");
  while (true) {
    const Token sign = here();
    const bool is_signed = sign.is("+") || sign.is("-") || sign.is("+-") || sign.is("-+");
    if (is_signed) {
      ++at_;
    } else if (!total.parts.empty()) {
      break;
    }
    Node term = product();
    if (sign.is("-")) {
      term = make_node(Kind::kNegative, "", std::move(term));
    } else if (sign.is("+-") || sign.is("-+")) {
      term = make_node(Kind::kPlusMinus, sign.text, std::move(term));
    }
    total.parts.push_back(std::move(term));
  }
  return unless_alone(std::move(total));
}

Node Parser::product() {
  Node total = make_node(Kind::kProduct, "", signed_factor());
  while (!at_end()) {
    if (take("*")) {
      total.parts.push_back(signed_factor());
    } else if (take("/") || take(":")) {
      total.parts.push_back(make_node(Kind::kInverse, "", signed_factor()));
    } else if (is_mixed_number(total.parts.back())) {
      Node& last = total.parts.back();
      last = postfix(make_node(Kind::kSum, "", std::move(last), fraction()));
    } else if (begins_factor() && here().kind != TokenKind::kNumber) {
      total.parts.push_back(factor());
    } else {
      break;
    }
  }
  return unless_alone(std::move(total));
}

// Whether an integer and what stands here are "2\frac{1}{3}" or "2 1/3".
bool Parser::is_mixed_number(const Node& before) const {
  const auto is_number = [this](std::size_t place) {
    return ahead(place).kind == TokenKind::kNumber;
  };
  if (!is_integer(before)) {
    return false;
  }
  if (here().kind == TokenKind::kNumber) {
    return ahead(1).is("/") && is_number(2);
  }
  if (here().kind != TokenKind::kFunction || here().text != "frac") {
    return false;
  }
  const bool is_braced = ahead(1).is("{") && is_number(2) && ahead(3).is("}") && ahead(4).is("{") &&
                         is_number(5) && ahead(6).is("}");
  return is_braced || is_number(1);
}

// "\frac{1}{3}" or "1/3".
Node Parser::fraction() {
  Node result = here().kind == TokenKind::kNumber ? number() : function();
  if (take("/")) {
    result =
        make_node(Kind::kProduct, "", std::move(result), make_node(Kind::kInverse, "", number()));
  }
  return result;
}

bool Parser::begins_factor() const {
  if (at_end()) {
    return false;
  }
  const Token& token = here();
  switch (token.kind) {
    case TokenKind::kNumber:
    case TokenKind::kFunction:
      return true;
    case TokenKind::kName:
      return !is_union();
    case TokenKind::kWord:
      return false;  // a unit
    case TokenKind::kSymbol:
      return token.is("(") || token.is("[") || token.is("{") || token.is("\\{") || token.is("|(") ||
             (token.is("|") && bars_ == 0);
  }
  return false;
}

Node Parser::signed_factor() {
  const Level level(depth_);
  if (take("-")) {
    return make_node(Kind::kNegative, "", signed_factor());
  }
  if (take("+")) {
    return signed_factor();
  }
  return factor();
}

Node Parser::factor() {
  const Level level(depth_);
  return postfix(atom());
}

Node Parser::postfix(Node value) {
  for (int count = 0; count < kMostPostfixes; ++count) {
    if (here().is("^")) {
      ++at_;
      value = power_of(std::move(value));
    } else if (take("!")) {
      value = make_node(Kind::kFunction, "factorial", std::move(value));
    } else if (take("%")) {
      value = make_node(Kind::kPercent, "", std::move(value));
    } else if (take("degree")) {
      value = make_node(Kind::kDegrees, "", std::move(value));
    } else {
      return value;
    }
  }
  throw NotMathematics();
}

// Stands behind the "^".
Node Parser::power_of(Node base) {
  if (take("degree")) {
    return make_node(Kind::kDegrees, "", std::move(base));
  }
  if (here().is("{") && ahead(1).is("degree") && ahead(2).is("}")) {
    at_ += 3;
    return make_node(Kind::kDegrees, "", std::move(base));
  }
  return make_node(Kind::kPower, "", std::move(base), exponent());
}

Node Parser::exponent() {
  const Level level(depth_);
  if (take("-")) {
    return make_node(Kind::kNegative, "", exponent());
  }
  if (take("+")) {
    return exponent();
  }
  Node result = atom();
  if (take("!")) {
    result = make_node(Kind::kFunction, "factorial", std::move(result));
  }
  if (take("^")) {
    return make_node(Kind::kPower, "", std::move(result), exponent());
  }
  return result;
}

Node Parser::atom() {
  const Level level(depth_);
  if (at_end()) {
    throw NotMathematics();
  }
  const Token token = here();
  switch (token.kind) {
    case TokenKind::kNumber:
      return number();
    case TokenKind::kFunction:
      return function();
    case TokenKind::kName:
      return name();
    case TokenKind::kWord:
      ++at_;
      if (is_currency(token.text)) {  // "$5"
        return make_node(Kind::kQuantity, std::string(canonical_unit(token.text)), factor());
      }
      return make_node(Kind::kName, token.text);
    case TokenKind::kSymbol:
      break;
  }
  if (take("{")) {
    return group("}");
  }
  if (take("|(")) {
    return absolute(")|");
  }
  if (take("|")) {
    return absolute("|");
  }
  if (token.is("(") || token.is("[") || token.is("\\{")) {
    return bracketed();
  }
  throw NotMathematics();
}

Node Parser::group(std::string_view end) {
  const int bars = std::exchange(bars_, 0);
  Node inside = list();
  bars_ = bars;
  expect(end);
  return inside;
}

Node Parser::absolute(std::string_view end) {
  const int bars = std::exchange(bars_, end == "|" ? 1 : 0);
  Node result = make_node(Kind::kFunction, "abs", sum());
  bars_ = bars;
  expect(end);
  return result;
}

}  // namespace rq::reward::math
