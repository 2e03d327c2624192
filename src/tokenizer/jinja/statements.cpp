#include "tokenizer/jinja/statements.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "tokenizer/jinja/expressions.h"
#include "tokenizer/jinja/value.h"

namespace rq::tokenizer::jinja {
namespace {

using Kind = Token::Kind;
using Names = std::vector<std::string>;

// Each name its element, or the one name the whole.
void assign(Environment& at, const Names& names, const Value& value) {
  if (names.size() == 1) {
    at.set(names[0], value);
    return;
  }
  const List parts = value.elements();
  check(parts.size() == names.size(),
        "{} values cannot be given to {} names",
        parts.size(),
        names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    at.set(names[i], parts[i]);
  }
}

// What a loop's body sees as `loop`.
Value loop_state(const List& all, std::size_t i) {
  const auto index = static_cast<std::int64_t>(i), count = std::ssize(all);
  Mapping loop;
  loop.items = {
      {"index", index + 1},
      {"index0", index},
      {"revindex", count - index},
      {"revindex0", count - index - 1},
      {"first", i == 0},
      {"last", index + 1 == count},
      {"length", count},
      {"previtem", i == 0 ? Value(Undefined{"loop.previtem"}) : all[i - 1]},
      {"nextitem", index + 1 == count ? Value(Undefined{"loop.nextitem"}) : all[i + 1]},
      {"cycle", Function([i](const Arguments& given) {
         check(!given.positional.empty(), "loop.cycle lacks what to go through");
         return given.positional[i % given.positional.size()];
       })},
  };
  return loop;
}

struct Loop {
  Names names;
  Expression sequence, filter;  // a filter may be missing
  Statement body, otherwise;
};

Flow run(const Loop& loop, Environment& at, std::string& out) {
  List all = loop.sequence(at).elements();
  if (loop.filter) {
    at.within(true, [&] {
      std::erase_if(all, [&](const Value& each) {
        assign(at, loop.names, each);
        return !loop.filter(at).truth();
      });
    });
  }
  if (all.empty()) {
    return loop.otherwise(at, out);
  }
  Flow flow = Flow::kOn;
  for (std::size_t i = 0; i < all.size() && flow != Flow::kBreak; ++i) {
    flow = at.within(true, [&] {
      assign(at, loop.names, all[i]);
      at.set("loop", loop_state(all, i));
      return loop.body(at, out);
    });
  }
  return Flow::kOn;
}

using Parameters = std::vector<std::pair<std::string, Expression>>;  // a default may be missing

struct Macro {
  Parameters parameters;
  Statement body;
};

Value run(const Macro& macro, Environment& at, const Arguments& given) {
  return at.within(false, [&]() -> Value {
    for (std::size_t i = 0; i < macro.parameters.size(); ++i) {
      const auto& [name, fallback] = macro.parameters[i];
      const Value* value = given.find(i, name);
      at.set(name, value != nullptr ? *value : fallback ? fallback(at) : Value(Undefined{name}));
    }
    std::string text;
    macro.body(at, text);
    return text;
  });
}

class Parser {
 public:
  explicit Parser(TokenStream& tokens) : tokens_(tokens) {}

  Statement whole() {
    Statement body = block({});
    check(tokens_.is(Kind::kEnd), "line {}: {} ends nothing", tokens_.peek().line, tokens_.shown());
    return body;
  }

 private:
  // Statements up to one of the words `ends` that stands in "{% %}"; the word comes next then.
  Statement block(std::initializer_list<std::string_view> ends) {
    constexpr int kDeepest = 100;
    check(++depth_ < kDeepest, "line {}: blocks are nested too deep", tokens_.peek().line);
    std::vector<Statement> statements;
    while (!tokens_.is(Kind::kEnd)) {
      if (tokens_.is(Kind::kText)) {
        statements.push_back([text = tokens_.next().text](Environment&, std::string& out) {
          out += text;
          return Flow::kOn;
        });
      } else if (tokens_.next().text == "{{") {
        statements.push_back(output());
      } else {
        bool is_end = false;
        for (const std::string_view end : ends) {
          is_end = is_end || tokens_.is_name(end);
        }
        if (is_end) {
          break;
        }
        statements.push_back(statement());
      }
    }
    check(ends.size() == 0 || !tokens_.is(Kind::kEnd),
          "line {}: \"{}\" is missing",
          tokens_.peek().line,
          ends.size() == 0 ? "" : *(ends.end() - 1));
    --depth_;
    return [statements](Environment& at, std::string& out) {
      for (const Statement& each : statements) {
        if (const Flow flow = each(at, out); flow != Flow::kOn) {
          return flow;
        }
      }
      return Flow::kOn;
    };
  }

  void close() { tokens_.expect(Kind::kClose, "the tag's end"); }

  // The word that ends a block, and the tag's end.
  void end(std::string_view word) {
    check(tokens_.skip_name(word), "line {}: \"{}\" is missing", tokens_.peek().line, word);
    close();
  }

  Statement output() {
    const int line = tokens_.peek().line;
    const Expression value = parse_expressions(tokens_);
    close();
    return [line, value](Environment& at, std::string& out) {
      at.line = line;
      out += value(at).str();
      return Flow::kOn;
    };
  }

  Statement statement() {
    const int line = tokens_.peek().line;
    const std::string word = tokens_.expect(Kind::kName, "a statement");
    if (word == "if") {
      return condition();
    }
    if (word == "for") {
      return loop();
    }
    if (word == "set") {
      return assignment();
    }
    if (word == "macro") {
      return macro();
    }
    if (word == "generation") {
      close();
      Statement body = block({"endgeneration"});
      end("endgeneration");
      return body;
    }
    if (word == "break" || word == "continue") {
      close();
      const Flow flow = word == "break" ? Flow::kBreak : Flow::kContinue;
      return [flow](Environment&, std::string&) { return flow; };
    }
    fail("line {}: the statement \"{}\" is not known here", line, word);
  }

  // After if and elif.
  Statement condition() {
    const int line = tokens_.peek().line;
    const Expression test = parse_expression(tokens_);
    close();
    const Statement body = block({"elif", "else", "endif"});
    Statement otherwise = [](Environment&, std::string&) { return Flow::kOn; };
    if (tokens_.skip_name("elif")) {
      otherwise = condition();
    } else {
      if (tokens_.skip_name("else")) {
        close();
        otherwise = block({"endif"});
      }
      end("endif");
    }
    return [line, test, body, otherwise](Environment& at, std::string& out) {
      at.line = line;
      return test(at).truth() ? body(at, out) : otherwise(at, out);
    };
  }

  Names names_until(std::string_view word) {
    Names names;
    const bool is_bracketed = tokens_.skip_operator("(");
    do {
      names.push_back(tokens_.expect(Kind::kName, "a name"));
    } while (tokens_.skip_operator(","));
    if (is_bracketed) {
      tokens_.expect_operator(")");
    }
    check(word.empty() || tokens_.skip_name(word),
          "line {}: \"{}\" is missing before {}",
          tokens_.peek().line,
          word,
          tokens_.shown());
    return names;
  }

  Statement loop() {
    const int line = tokens_.peek().line;
    const Names names = names_until("in");
    const Expression sequence = parse_without_condition(tokens_);
    Expression filter;
    if (tokens_.skip_name("if")) {
      filter = parse_expression(tokens_);
    }
    check(!tokens_.is_name("recursive"), "line {}: a recursive loop is not known here", line);
    close();
    const Statement body = block({"else", "endfor"});
    Statement otherwise = [](Environment&, std::string&) { return Flow::kOn; };
    if (tokens_.skip_name("else")) {
      close();
      otherwise = block({"endfor"});
    }
    end("endfor");
    return [line, loop = Loop{names, sequence, filter, body, otherwise}](Environment& at,
                                                                         std::string& out) {
      at.line = line;
      return run(loop, at, out);
    };
  }

  // set a, b = …, set space.a = …, and set a … endset.
  Statement assignment() {
    const int line = tokens_.peek().line;
    const Names names = names_until("");
    std::string field;
    if (tokens_.skip_operator(".")) {
      field = tokens_.expect(Kind::kName, "a name");
    }
    if (!tokens_.skip_operator("=")) {
      return block_assignment(names[0]);
    }
    const Expression value = parse_expressions(tokens_);
    close();
    return [line, names, field, value](Environment& at, std::string&) {
      at.line = line;
      if (field.empty()) {
        assign(at, names, value(at));
        return Flow::kOn;
      }
      const Value space = at.find(names[0]);
      check(space.name_space() != nullptr,
            "{}.{} cannot be set: {} is no namespace()",
            names[0],
            field,
            names[0]);
      space.name_space()->set(field, value(at));
      return Flow::kOn;
    };
  }

  Statement block_assignment(const std::string& name) {
    close();
    const Statement body = block({"endset"});
    end("endset");
    return [name, body](Environment& at, std::string&) {
      std::string text;
      const Flow flow = at.within(true, [&] { return body(at, text); });
      at.set(name, text);
      return flow;
    };
  }

  Statement macro() {
    const std::string name = tokens_.expect(Kind::kName, "a macro's name");
    tokens_.expect_operator("(");
    Parameters parameters;
    while (!tokens_.skip_operator(")")) {
      parameters.emplace_back(tokens_.expect(Kind::kName, "a parameter"), Expression());
      if (tokens_.skip_operator("=")) {
        parameters.back().second = parse_expression(tokens_);
      }
      if (!tokens_.is_operator(")")) {
        tokens_.expect_operator(",");
      }
    }
    close();
    const Statement body = block({"endmacro"});
    end("endmacro");
    return [name, macro = Macro{parameters, body}](Environment& at, std::string&) {
      at.set(name,
             Function([&at, macro](const Arguments& given) { return run(macro, at, given); }));
      return Flow::kOn;
    };
  }

  TokenStream& tokens_;
  int depth_ = 0;
};

}  // namespace

Statement parse_template(TokenStream& tokens) {
  return Parser(tokens).whole();
}

}  // namespace rq::tokenizer::jinja
