#pragma once
// Tokens as they come, as text that can be shown: whole characters, up to the first of some strings
// that end the text.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace rq::tokenizer {

// Bytes as sound UTF-8: each longest beginning of a character that does not go on, and each other
// byte that can be none, becomes U+FFFD, as browsers and Python decode.
std::string repaired_utf8(std::string_view bytes);

class TextStream {
 public:
  // The text ends before the first of `stops` that it would hold; empty ones are not looked for.
  // Special tokens have no text. Keeps a copy of the tokenizer, which shares its tables.
  TextStream(Tokenizer tokenizer, std::vector<std::string> stops);

  // What is certain once the token has come: sound UTF-8 (what can be no character becomes U+FFFD),
  // without the beginning of a character or of a stop that may still be completed.
  std::string push(std::int32_t token);

  // Whether a stop has come; from then on there is no more text.
  bool is_stopped() const { return is_stopped_; }

  // What was held back, where the text ends; the next token begins another.
  std::string finish();

 private:
  std::string release(std::size_t kept_bytes);

  Tokenizer tokenizer_;
  std::vector<std::string> stops_;
  std::string bytes_;  // of a character that is not complete
  std::string text_;   // that may be the beginning of a stop
  bool is_stopped_ = false;
};

}  // namespace rq::tokenizer
