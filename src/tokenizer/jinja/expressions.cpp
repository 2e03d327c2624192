#include "tokenizer/jinja/expressions.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "tokenizer/jinja/expression_parser.h"
#include "tokenizer/jinja/operators.h"

namespace rq::tokenizer::jinja {

using Kind = Token::Kind;

Expression ExpressionParser::condition() {
  constexpr int kDeepest = 200;
  check(++depth_ < kDeepest, "line {}: brackets are nested too deep", tokens_.peek().line);
  Expression value = either();
  while (tokens_.skip_name("if")) {
    const Expression test = either();
    const Expression otherwise =
        tokens_.skip_name("else") ? condition() : [](Environment&) { return Value(); };
    value = [value, test, otherwise](Environment& at) {
      return test(at).truth() ? value(at) : otherwise(at);
    };
  }
  --depth_;
  return value;
}

Expression ExpressionParser::either() {
  Expression left = both();
  while (tokens_.skip_name("or")) {
    left = [left, right = both()](Environment& at) {
      const Value value = left(at);
      return value.truth() ? value : right(at);
    };
  }
  return left;
}

Expression ExpressionParser::both() {
  Expression left = negation();
  while (tokens_.skip_name("and")) {
    left = [left, right = negation()](Environment& at) {
      const Value value = left(at);
      return value.truth() ? right(at) : value;
    };
  }
  return left;
}

Expression ExpressionParser::negation() {
  if (tokens_.skip_name("not")) {
    return [inner = negation()](Environment& at) { return Value(!inner(at).truth()); };
  }
  return comparison();
}

std::string ExpressionParser::comparator() {
  for (const std::string_view symbol : {"==", "!=", "<=", ">=", "<", ">"}) {
    if (tokens_.skip_operator(symbol)) {
      return std::string(symbol);
    }
  }
  if (tokens_.skip_name("in")) {
    return "in";
  }
  if (tokens_.is_name("not") && tokens_.peek(1).text == "in") {
    tokens_.next();
    tokens_.next();
    return "not in";
  }
  return "";
}

Expression ExpressionParser::comparison() {
  Expression first = sum();
  std::vector<std::pair<std::string, Expression>> rest;
  for (std::string symbol = comparator(); !symbol.empty(); symbol = comparator()) {
    rest.emplace_back(symbol, sum());
  }
  if (rest.empty()) {
    return first;
  }
  return [first, rest](Environment& at) {
    Value left = first(at);
    for (const auto& [symbol, expression] : rest) {
      Value right = expression(at);
      if (!compare(symbol, left, right)) {
        return Value(false);
      }
      left = std::move(right);
    }
    return Value(true);
  };
}

template <typename Next>
Expression ExpressionParser::chain(std::initializer_list<const char*> symbols, Next&& next) {
  Expression left = next();
  for (;;) {
    std::string symbol;
    for (const char* each : symbols) {
      if (symbol.empty() && tokens_.skip_operator(each)) {
        symbol = each;
      }
    }
    if (symbol.empty()) {
      return left;
    }
    left = [symbol, left, right = next()](Environment& at) {
      const Value a = left(at);
      return arithmetic(symbol, a, right(at));
    };
  }
}

Expression ExpressionParser::sum() {
  return chain({"+", "-"}, [&] { return concatenation(); });
}

Expression ExpressionParser::concatenation() {
  Expression left = product();
  while (tokens_.skip_operator("~")) {
    left = [left, right = product()](Environment& at) {
      const std::string text = left(at).str();
      return Value(text + right(at).str());
    };
  }
  return left;
}

Expression ExpressionParser::product() {
  return chain({"*", "/", "//", "%"}, [&] { return power(); });
}

Expression ExpressionParser::power() {
  return chain({"**"}, [&] { return unary(true); });
}

Expression ExpressionParser::unary(bool takes_filters) {
  Expression value;
  if (tokens_.skip_operator("-")) {
    value = [inner = unary(false)](Environment& at) {
      return arithmetic("-", Value(std::int64_t{0}), inner(at));
    };
  } else if (tokens_.skip_operator("+")) {
    value = unary(false);
  } else {
    value = primary();
  }
  value = postfix(std::move(value));
  return takes_filters ? filters_and_tests(std::move(value)) : value;
}

Expression parse_expression(TokenStream& tokens) {
  return ExpressionParser(tokens).condition();
}

Expression parse_expressions(TokenStream& tokens) {
  std::vector<Expression> all = {parse_expression(tokens)};
  const bool is_list = tokens.is_operator(",");
  while (tokens.skip_operator(",") && !tokens.is(Kind::kClose)) {
    all.push_back(parse_expression(tokens));
  }
  if (!is_list) {
    return all.front();
  }
  return [all](Environment& at) {
    List list;
    for (const Expression& each : all) {
      list.push_back(each(at));
    }
    return Value(std::move(list));
  };
}

Expression parse_without_condition(TokenStream& tokens) {
  return ExpressionParser(tokens).either();
}

Value call(const Value& function, const Arguments& arguments) {
  check(function.function() != nullptr, "{} is no function to call", function.kind());
  return (*function.function())(arguments);
}

}  // namespace rq::tokenizer::jinja
