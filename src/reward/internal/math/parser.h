#pragma once
// Tokens -> the tree they mean: recursive descent, each method a level of the grammar from the
// loosest binding on. parser.cpp has the structures (lists, relations, sets, brackets, matrices,
// units), expression_parser.cpp the arithmetic, operand_parser.cpp numbers, names and functions.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "reward/internal/math/token.h"
#include "reward/internal/math/tree.h"

namespace rq::reward::math {

// Nothing where the tokens follow no grammar known here, or nest too deep.
std::optional<Node> parse(Tokens tokens);

class Parser {
 public:
  explicit Parser(Tokens tokens) : tokens_(std::move(tokens)) {}

  // All of the tokens. Throws NotMathematics.
  Node answer();

 private:
  // A list or what stands alone: a relation of unions of sums.
  Node list();
  Node relation();
  Node sets();
  Node operand();
  Node with_unit(Node value);
  Node bracketed();
  Node matrix();
  // The sign, or a "U" between brackets.
  bool is_union() const;

  Node sum();
  Node product();
  // May stand behind a sign of multiplication: "2 * -3".
  Node signed_factor();
  Node factor();
  Node postfix(Node value);
  Node power_of(Node base);
  Node exponent();
  bool begins_factor() const;
  bool is_mixed_number(const Node& before) const;
  Node fraction();
  Node atom();
  Node group(std::string_view end);
  Node absolute(std::string_view end);

  Node number();
  Node repeating(const Node& begin, std::size_t places);
  Node name();
  std::string subscript();
  Node function();
  Node square_root();
  Node named_function(std::string function);
  // What a function without brackets takes: "2x" of "sin 2x + 1".
  Node bare_argument();
  // What a command takes: a group in braces, or one sign ("1" and then "2" of \frac12).
  Node argument();

  bool at_end() const { return at_ == tokens_.size(); }
  const Token& here() const { return at_end() ? end_ : tokens_[at_]; }
  const Token& ahead(std::size_t count) const {
    return at_ + count < tokens_.size() ? tokens_[at_ + count] : end_;
  }
  bool take(std::string_view symbol);
  void expect(std::string_view symbol);

  Tokens tokens_;
  Token end_{TokenKind::kFunction, ""};  // what stands behind the last token: nothing takes it
  std::size_t at_ = 0;
  int depth_ = 0;
  int bars_ = 0;  // that are open: within them, a bar closes
};

// Thrown by Parser's methods and caught by parse().
struct NotMathematics {};

// Counts how deep the parser is within itself.
class Level {
 public:
  explicit Level(int& depth) : depth_(depth) {
    if (++depth_ > kMost) {
      --depth_;
      throw NotMathematics();
    }
  }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;
  ~Level() { --depth_; }

 private:
  static constexpr int kMost = 400;
  int& depth_;
};

}  // namespace rq::reward::math
