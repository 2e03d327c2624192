#include "reward/internal/math/parser.h"

#include <utility>
#include <vector>

#include "reward/internal/math/units.h"

namespace rq::reward::math {
namespace {

constexpr int kMostSets = 50;  // in one union

// The letter of kRelation for an operator, or 0.
char relation_letter(const Token& token) {
  static constexpr std::pair<std::string_view, char> kAll[] = {{"=", '='},
                                                               {"!=", '!'},
                                                               {"~", '~'},
                                                               {"<", '<'},
                                                               {">", '>'},
                                                               {"<=", 'l'},
                                                               {">=", 'g'},
                                                               {"in", 'e'}};
  for (const auto& [symbol, letter] : kAll) {
    if (token.is(symbol)) {
      return letter;
    }
  }
  return '\0';
}

}  // namespace

std::optional<Node> parse(Tokens tokens) {
  try {
    return Parser(std::move(tokens)).answer();
  } catch (const NotMathematics&) {
    return std::nullopt;
  }
}

bool Parser::take(std::string_view symbol) {
  if (!at_end() && here().is(symbol)) {
    ++at_;
    return true;
  }
  return false;
}

void Parser::expect(std::string_view symbol) {
  if (!take(symbol)) {
    throw NotMathematics();
  }
}

Node Parser::answer() {
  Node result = list();
  if (!at_end()) {
    throw NotMathematics();
  }
  return result;
}

Node Parser::list() {
  Node all = make_node(Kind::kList, "");
  do {
    all.parts.push_back(relation());
    if (here().is("or")) {
      all.text = "or";
    }
  } while (take(",") || take(";") || take("or"));
  return unless_alone(std::move(all));
}

Node Parser::relation() {
  if (!take("=")) {
    take("~");  // "about 3.14" answers as "x = 3.14" does
  }
  Node result = make_node(Kind::kRelation, "", sets());
  while (const char letter = at_end() ? '\0' : relation_letter(here())) {
    ++at_;
    result.text += letter;
    result.parts.push_back(sets());
  }
  return unless_alone(std::move(result));
}

Node Parser::sets() {
  Node result = operand();
  for (int joins = 0;; ++joins) {
    if (!is_union() && !here().is("intersect") && !here().is("minus")) {
      return result;
    }
    if (joins == kMostSets) {
      throw NotMathematics();
    }
    std::string operation = is_union() ? "union" : here().text;
    ++at_;
    result = make_node(Kind::kSets, std::move(operation), std::move(result), operand());
  }
}

bool Parser::is_union() const {
  const bool is_between = at_ > 0 && (tokens_[at_ - 1].is(")") || tokens_[at_ - 1].is("]")) &&
                          (ahead(1).is("(") || ahead(1).is("["));
  const bool is_letter = here().kind == TokenKind::kName && here().text == "U";
  return here().is("union") || (is_letter && is_between);
}

Node Parser::operand() {
  const Level level(depth_);
  return with_unit(sum());
}

// "5 cm^2", "60 km/h", "12 square units".
Node Parser::with_unit(Node value) {
  const auto is_word = [](const Token& token) { return token.kind == TokenKind::kWord; };
  if (!is_word(here())) {
    return value;
  }
  std::string words;
  while (is_word(here()) || (here().is("/") && is_word(ahead(1))) ||
         (here().is("*") && is_word(ahead(1)))) {
    words += here().is("/") ? " per " : here().is("*") ? " " : here().text;
    ++at_;
    if (here().is("^")) {
      ++at_;
      words += "^" + argument().value.get_str();
    }
  }
  return make_node(Kind::kQuantity, canonical_units(words).value_or(""), std::move(value));
}

// "(a, b)", "[a, b)", "{a, b}", and "(a)", which is a.
Node Parser::bracketed() {
  const Level level(depth_);
  const auto closes = [this] { return here().is(")") || here().is("]") || here().is("\\}"); };
  Node all = make_node(Kind::kBracketed, std::string(1, here().text.back()));
  ++at_;
  const bool is_set = all.text == "{";
  const int bars = std::exchange(bars_, is_set ? 1 : 0);  // a bar in a set is "such that"
  if (!closes()) {
    Node inside = list();
    if (inside.kind == Kind::kList) {
      all.parts = std::move(inside.parts);
    } else {
      all.parts.push_back(std::move(inside));
    }
  }
  const bool has_condition = is_set && (take("|") || take("such-that"));  // {x | x > 3}
  if (has_condition) {
    all.parts = {relation()};
  }
  if (!closes() || here().is("\\}") != is_set) {
    throw NotMathematics();
  }
  all.text += here().text.back();
  ++at_;
  bars_ = bars;
  const bool is_group = all.text == "()" || all.text == "[]" || has_condition;
  return is_group ? unless_alone(std::move(all)) : all;
}

Node Parser::matrix() {
  const Level level(depth_);
  Node result = make_node(Kind::kMatrix, "");
  do {
    if (here().is("end")) {
      break;  // after a last \\.
    }
    Node row = make_node(Kind::kBracketed, "()");
    do {
      row.parts.push_back(operand());
    } while (take("&"));
    result.parts.push_back(std::move(row));
  } while (take("row"));
  expect("end");
  return result;
}

}  // namespace rq::reward::math
