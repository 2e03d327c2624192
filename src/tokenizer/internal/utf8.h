#pragma once
// UTF-8 by hand: where text is valid, and code points out of valid text.

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace rq::tokenizer {

struct CodePoint {
  char32_t value;
  int length;  // bytes
};

// The first code point; the text must be valid and not empty.
inline CodePoint decode_utf8(const char* text) {
  const auto byte = [&](int i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  const char32_t first = byte(0);
  if (first < 0x80) {
    return {first, 1};
  }
  if (first < 0xE0) {
    return {(first & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  }
  if (first < 0xF0) {
    return {(first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
  }
  return {(first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F),
          4};
}

inline CodePoint decode_utf8(std::string_view text) {
  return decode_utf8(&text.front());
}

// The code point that ends at text[end - 1]; text[0, end) must be valid and not empty.
inline CodePoint decode_utf8_before(std::string_view text) {
  std::size_t start = text.size() - 1;
  while ((static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) {
    --start;
  }
  return decode_utf8(text.data() + start);
}

// The bytes at the front that are valid UTF-8 (no surrogates, no overlong forms, nothing past
// U+10FFFF).
std::size_t valid_utf8_prefix(std::string_view text);

// Bytes of the front that are ASCII.
inline std::size_t ascii_prefix(std::string_view text) {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & 0x8080808080808080ULL) != 0) {
      break;
    }
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) {
    ++at;
  }
  return at;
}

void append_utf8(char32_t value, std::string& out);

// Calls valid(run) for each longest valid run of `text` and invalid(byte) for each byte between
// them, in order.
template <typename Valid, typename Invalid>
void each_utf8_run(std::string_view text, Valid&& valid, Invalid&& invalid) {
  while (!text.empty()) {
    const std::size_t length = valid_utf8_prefix(text);
    if (length > 0) {
      valid(text.substr(0, length));
      text.remove_prefix(length);
    }
    if (!text.empty()) {
      invalid(text.substr(0, 1));
      text.remove_prefix(1);
    }
  }
}

}  // namespace rq::tokenizer
