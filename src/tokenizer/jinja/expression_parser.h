#pragma once
// Recursive descent over the tokens of an expression; each method is a level of Jinja's grammar,
// from the loosest binding on. expressions.cpp has those of operators, operands.cpp what stands
// between them.

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "tokenizer/jinja/expressions.h"
#include "tokenizer/jinja/token_stream.h"
#include "tokenizer/jinja/value.h"

namespace rq::tokenizer::jinja {

class ExpressionParser {
 public:
  explicit ExpressionParser(TokenStream& tokens) : tokens_(tokens) {}

  Expression condition();
  Expression either();

 private:
  using ArgumentsOf = std::function<Arguments(Environment&)>;

  Expression both();
  Expression negation();
  // The symbol of a comparison, which is skipped; empty where none stands here.
  std::string comparator();
  // a < b < c holds where both do.
  Expression comparison();
  template <typename Next>
  Expression chain(std::initializer_list<const char*> symbols, Next&& next);
  Expression sum();
  Expression concatenation();
  Expression product();
  Expression power();
  Expression unary(bool takes_filters);

  Expression primary();
  static Expression constant(Value value);
  static Expression name(const std::string& text);
  // (a), or the tuple (a, b).
  Expression bracketed();
  Expression list_until(std::string_view end);
  Expression mapping();
  Expression postfix(Expression value);
  Expression subscript(const Expression& value);
  ArgumentsOf arguments();
  Expression filters_and_tests(Expression value);
  Expression test(const Expression& value);
  // In brackets, or one alone: "is divisibleby 3".
  ArgumentsOf test_arguments();
  static ArgumentsOf no_arguments();

  TokenStream& tokens_;
  int depth_ = 0;
};

}  // namespace rq::tokenizer::jinja
