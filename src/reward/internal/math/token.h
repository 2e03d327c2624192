#pragma once
// What a lexer makes of an answer: one notation for the many ways in which people and models write.

#include <string>
#include <string_view>
#include <vector>

namespace rq::reward::math {

enum class TokenKind {
  kNumber,    // "1234.5", "1e5": digits without separators
  kName,      // a variable or a constant: "x", "alpha", "pi", "infinity"
  kWord,      // what is said in words: "no solution", "cm", "dollar"
  kFunction,  // "sin", "frac", "sqrt", "overline", "matrix"
  kSymbol,    // an operator or a bracket, one of those in notation.h
};

struct Token {
  TokenKind kind = TokenKind::kSymbol;
  std::string text;

  bool is(std::string_view symbol) const { return kind == TokenKind::kSymbol && text == symbol; }
  friend bool operator==(const Token&, const Token&) = default;
};

using Tokens = std::vector<Token>;

}  // namespace rq::reward::math
