#pragma once
// The spelling of bytes as visible characters that GPT-2 introduced and tokenizer.json uses:
// printable Latin-1 stands for itself, the other 68 bytes are U+0100 and up in order, so a space is
// "Ġ".

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rq::tokenizer {

// The character that spells each byte.
const std::array<char32_t, 256>& byte_characters();

// Bytes to spelling.
std::string spell_bytes(std::string_view bytes);
// Spelling to bytes; nothing where a character spells no byte.
std::optional<std::string> bytes_of_spelling(std::string_view spelling);

}  // namespace rq::tokenizer
