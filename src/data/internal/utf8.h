#pragma once
// UTF-8: is it sound, where do its characters begin, and how is one written.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rq::data {

constexpr bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

// The first byte that is not part of sound UTF-8 (overlong forms, surrogates and points past
// U+10FFFF are not), or npos.
std::size_t find_invalid_utf8(std::string_view text);

// The greatest border between characters at or before `at`, of sound UTF-8.
std::size_t border_before(std::string_view text, std::size_t at);

// Empty for what is not a character.
std::string utf8_of(std::uint32_t point);

}  // namespace rq::data
