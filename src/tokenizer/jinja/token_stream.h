#pragma once
// The tokens of a template, read one by one by its parsers.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "tokenizer/jinja/lexer.h"

namespace rq::tokenizer::jinja {

class TokenStream {
 public:
  explicit TokenStream(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  Token next() {
    const Token token = peek();
    at_ += at_ + 1 < tokens_.size() ? 1 : 0;
    return token;
  }
  bool is(Token::Kind kind) const { return peek().kind == kind; }
  bool is(Token::Kind kind, std::string_view text) const { return is(kind) && peek().text == text; }
  bool is_operator(std::string_view text) const { return is(Token::Kind::kOperator, text); }
  bool is_name(std::string_view text) const { return is(Token::Kind::kName, text); }

  bool skip_operator(std::string_view text) { return is_operator(text) && (next(), true); }
  bool skip_name(std::string_view text) { return is_name(text) && (next(), true); }

  std::string expect(Token::Kind kind, std::string_view what) {
    check(is(kind), "line {}: {} is missing before {}", peek().line, what, shown());
    return next().text;
  }
  void expect_operator(std::string_view text) {
    check(skip_operator(text), "line {}: \"{}\" is missing before {}", peek().line, text, shown());
  }
  // The next token, for errors.
  std::string shown() const {
    return is(Token::Kind::kEnd) ? "the end" : fmt::format("\"{}\"", peek().text);
  }

 private:
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace rq::tokenizer::jinja
