#pragma once
// The vocabulary of the lexer: LaTeX's commands, words and signs beyond ASCII, and what each means.
//
// The symbols are + - * / : ^ _ ! % ( ) [ ] { } , ; = < > & | and these, spelled so that each
// meaning has one text: "<=" ">=" "!=" "~" (about) "in" "+-" "-+" "union" "intersect" "minus" "\{"
// "\}" (braces that are seen) "|(" ")|" (bars of a known side) "degree" "or" "row" (of a matrix)
// "end" (of one) "such-that".

#include <cstddef>
#include <optional>
#include <string_view>

#include "reward/internal/math/token.h"

namespace rq::reward::math {

// What a command ("frac", ";", without its backslash) stands for. kSkipped are those of layout.
enum class CommandUse { kToken, kSkipped, kTextWrapper, kSide, kUnknown };
struct Command {
  CommandUse use = CommandUse::kUnknown;
  Token token;
};
Command find_command(std::string_view name);

// A run of letters that means something without a backslash: "sqrt", "pi", "and".
std::optional<Token> find_plain_word(std::string_view letters);

// The sign that `text` begins with and its length in bytes: "≤", "²", "½" (as the LaTeX it means).
struct Sign {
  std::string_view latex;
  std::size_t bytes = 0;
};
std::optional<Sign> find_sign(std::string_view text);

// Those that are written before their argument: "sin", "ln".
bool is_named_function(std::string_view function);
// "sin" and its like, whose argument may be given in degrees.
bool takes_angle(std::string_view function);

}  // namespace rq::reward::math
