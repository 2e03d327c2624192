#include "data/internal/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace rq::data {
namespace {

// Whether three or four bytes that begin so are none of the standard's characters.
bool is_excluded(unsigned lead, unsigned second) {
  return (lead == 0xe0 && second < 0xa0) ||  // overlong
         (lead == 0xed && second > 0x9f) ||  // a surrogate
         (lead == 0xf0 && second < 0x90) ||  // overlong
         (lead == 0xf4 && second > 0x8f);    // past U+10FFFF
}

// Bytes of the sound character at the start of `text`, or 0. Table 3-7 of the Unicode Standard.
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned lead = byte(0), second = byte(1);
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xc2 && lead <= 0xdf) {
    return follows(1) ? 2 : 0;
  }
  if (lead >= 0xe0 && lead <= 0xef) {
    return follows(1) && follows(2) && !is_excluded(lead, second) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    return follows(1) && follows(2) && follows(3) && !is_excluded(lead, second) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t word = 0;
    if (at + sizeof(word) <= text.size()) {  // eight ASCII bytes at once
      std::memcpy(&word, text.data() + at, sizeof(word));
      if ((word & 0x8080808080808080ULL) == 0) {
        at += sizeof(word);
        continue;
      }
    }
    const std::size_t bytes = character_bytes(text.substr(at));
    if (bytes == 0) {
      return at;
    }
    at += bytes;
  }
  return std::string_view::npos;
}

std::size_t border_before(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && is_continuation(text[at])) {
    --at;
  }
  return at;
}

std::string utf8_of(std::uint32_t point) {
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80U | ((point >> shift) & 0x3fU));
  };
  if (point == 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
    return {};
  }
  if (point < 0x80) {
    return {static_cast<char>(point)};
  }
  if (point < 0x800) {
    return {static_cast<char>(0xc0U | (point >> 6)), tail(0)};
  }
  if (point < 0x10000) {
    return {static_cast<char>(0xe0U | (point >> 12)), tail(6), tail(0)};
  }
  return {static_cast<char>(0xf0U | (point >> 18)), tail(12), tail(6), tail(0)};
}

}  // namespace rq::data
