#pragma once
// A template's text as tokens. Blocks take the newline after them, and the blanks before them on
// their line (trim_blocks and lstrip_blocks), as transformers sets it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rq::tokenizer::jinja {

struct Token {
  enum class Kind : std::uint8_t {
    kText,   // outside of all tags
    kOpen,   // "{%" or "{{"
    kClose,  // "%}" or "}}"
    kName,   // a keyword too
    kInteger,
    kFloat,
    kString,  // its text, escapes read
    kOperator,
    kEnd,
  };
  Kind kind = Kind::kEnd;
  std::string text = {};
  int line = 0;
};

// Ends with a kEnd. An Error with the line where the text is no template.
std::vector<Token> tokens_of(std::string_view text);

}  // namespace rq::tokenizer::jinja
