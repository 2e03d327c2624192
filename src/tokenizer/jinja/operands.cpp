// What stands between the operators of an expression: names, constants, lists, calls, filters,
// tests.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "tokenizer/jinja/expression_parser.h"
#include "tokenizer/jinja/filters.h"
#include "tokenizer/jinja/members.h"
#include "tokenizer/jinja/operators.h"
#include "tokenizer/jinja/tests.h"

namespace rq::tokenizer::jinja {

using Kind = Token::Kind;

Expression ExpressionParser::primary() {
  const Token token = tokens_.next();
  switch (token.kind) {
    case Kind::kName:
      return name(token.text);
    case Kind::kString: {
      std::string text = token.text;
      while (tokens_.is(Kind::kString)) {
        text += tokens_.next().text;
      }
      return constant(std::move(text));
    }
    case Kind::kInteger:
      check(token.text.size() <= 18, "line {}: {} is too large", token.line, token.text);
      return constant(static_cast<std::int64_t>(std::stoll(token.text)));
    case Kind::kFloat:
      return constant(std::stod(token.text));
    default:
      break;
  }
  if (token.kind == Kind::kOperator && token.text == "(") {
    return bracketed();
  }
  if (token.kind == Kind::kOperator && token.text == "[") {
    return list_until("]");
  }
  if (token.kind == Kind::kOperator && token.text == "{") {
    return mapping();
  }
  fail("line {}: \"{}\" begins no expression", token.line, token.text);
}

Expression ExpressionParser::constant(Value value) {
  return [value = std::move(value)](Environment&) { return value; };
}

Expression ExpressionParser::name(const std::string& text) {
  if (text == "true" || text == "True") {
    return constant(true);
  }
  if (text == "false" || text == "False") {
    return constant(false);
  }
  if (text == "none" || text == "None") {
    return constant(None{});
  }
  return [text](Environment& at) { return at.find(text); };
}

Expression ExpressionParser::bracketed() {
  if (tokens_.skip_operator(")")) {
    return constant(List{});
  }
  Expression first = condition();
  if (tokens_.skip_operator(")")) {
    return first;
  }
  tokens_.expect_operator(",");
  return [first, rest = list_until(")")](Environment& at) {
    List all = {first(at)};
    const Value others = rest(at);
    all.insert(all.end(), others.list()->begin(), others.list()->end());
    return Value(std::move(all));
  };
}

Expression ExpressionParser::list_until(std::string_view end) {
  std::vector<Expression> elements;
  while (!tokens_.skip_operator(end)) {
    elements.push_back(condition());
    if (!tokens_.is_operator(end)) {
      tokens_.expect_operator(",");
    }
  }
  return [elements](Environment& at) {
    List list;
    for (const Expression& element : elements) {
      list.push_back(element(at));
    }
    return Value(std::move(list));
  };
}

Expression ExpressionParser::mapping() {
  std::vector<std::pair<Expression, Expression>> items;
  while (!tokens_.skip_operator("}")) {
    Expression key = condition();
    tokens_.expect_operator(":");
    items.emplace_back(std::move(key), condition());
    if (!tokens_.is_operator("}")) {
      tokens_.expect_operator(",");
    }
  }
  return [items](Environment& at) {
    Mapping result;
    for (const auto& [key, value] : items) {
      const Value name = key(at);
      check(name.text() != nullptr, "{} cannot be the key of a mapping here", name.kind());
      result.set(*name.text(), value(at));
    }
    return Value(std::move(result));
  };
}

Expression ExpressionParser::postfix(Expression value) {
  for (;;) {
    if (tokens_.skip_operator(".")) {
      const Kind kind = tokens_.is(Kind::kInteger) ? Kind::kInteger : Kind::kName;
      const std::string name = tokens_.expect(kind, "a name");
      value = [value, name, kind](Environment& at) {
        return kind == Kind::kName ? member(value(at), name)
                                   : element(value(at), Value(std::int64_t{std::stoll(name)}));
      };
    } else if (tokens_.skip_operator("[")) {
      value = subscript(value);
    } else if (tokens_.is_operator("(")) {
      value = [value, arguments = arguments()](Environment& at) {
        const Value function = value(at);
        return call(function, arguments(at));
      };
    } else {
      return value;
    }
  }
}

Expression ExpressionParser::subscript(const Expression& value) {
  // first:last:step, each of which may be missing
  std::vector<Expression> parts(1);
  while (!tokens_.skip_operator("]")) {
    if (tokens_.skip_operator(":")) {
      parts.emplace_back();
    } else {
      parts.back() = condition();
    }
  }
  check(parts.size() <= 3 && (parts.size() > 1 || parts[0]),
        "line {}: no subscript stands in [ ]",
        tokens_.peek().line);
  if (parts.size() == 1) {
    return [value, key = parts[0]](Environment& at) {
      const Value container = value(at);
      return element(container, key(at));
    };
  }
  parts.resize(3);
  return [value, parts](Environment& at) {
    const auto part = [&](std::size_t i) -> std::optional<std::int64_t> {
      return parts[i] ? parts[i](at).integer() : std::nullopt;
    };
    return slice(value(at), part(0), part(1), part(2));
  };
}

ExpressionParser::ArgumentsOf ExpressionParser::arguments() {
  tokens_.expect_operator("(");
  std::vector<Expression> positional;
  std::vector<std::pair<std::string, Expression>> named;
  while (!tokens_.skip_operator(")")) {
    if (tokens_.is(Kind::kName) && tokens_.peek(1).kind == Kind::kOperator &&
        tokens_.peek(1).text == "=") {
      std::string name = tokens_.next().text;
      tokens_.next();
      named.emplace_back(std::move(name), condition());
    } else {
      positional.push_back(condition());
    }
    if (!tokens_.is_operator(")")) {
      tokens_.expect_operator(",");
    }
  }
  return [positional, named](Environment& at) {
    Arguments all;
    for (const Expression& each : positional) {
      all.positional.push_back(each(at));
    }
    for (const auto& [name, each] : named) {
      all.named.emplace_back(name, each(at));
    }
    return all;
  };
}

Expression ExpressionParser::filters_and_tests(Expression value) {
  for (;;) {
    if (tokens_.skip_operator("|")) {
      const int line = tokens_.peek().line;
      const std::string name = tokens_.expect(Kind::kName, "a filter's name");
      const Filter filter = find_filter(name);
      check(filter != nullptr, "line {}: the filter {} is not known here", line, name);
      const ArgumentsOf given = tokens_.is_operator("(") ? arguments() : no_arguments();
      value = [value, filter, given](Environment& at) {
        const Value input = value(at);
        return filter(input, given(at));
      };
    } else if (tokens_.skip_name("is")) {
      value = test(value);
    } else if (tokens_.is_operator("(") || tokens_.is_operator(".") || tokens_.is_operator("[")) {
      value = postfix(std::move(value));
    } else {
      return value;
    }
  }
}

Expression ExpressionParser::test(const Expression& value) {
  const bool is_negated = tokens_.skip_name("not");
  const int line = tokens_.peek().line;
  const std::string name = tokens_.expect(Kind::kName, "a test's name");
  const Test test = find_test(name);
  check(test != nullptr, "line {}: the test {} is not known here", line, name);
  return [value, test, is_negated, given = test_arguments()](Environment& at) {
    const Value input = value(at);
    return Value(test(input, given(at)) != is_negated);
  };
}

ExpressionParser::ArgumentsOf ExpressionParser::test_arguments() {
  if (tokens_.is_operator("(")) {
    return arguments();
  }
  const auto& next = tokens_.peek();
  const bool is_word = next.kind == Kind::kName && next.text != "and" && next.text != "or" &&
                       next.text != "else" && next.text != "is" && next.text != "if" &&
                       next.text != "in" && next.text != "not";
  if (!is_word && next.kind != Kind::kString && next.kind != Kind::kInteger &&
      next.kind != Kind::kFloat && !tokens_.is_operator("[") && !tokens_.is_operator("{")) {
    return no_arguments();
  }
  return [one = postfix(primary())](Environment& at) {
    return Arguments{.positional = {one(at)}, .named = {}};
  };
}

ExpressionParser::ArgumentsOf ExpressionParser::no_arguments() {
  return [](Environment&) { return Arguments(); };
}

}  // namespace rq::tokenizer::jinja
