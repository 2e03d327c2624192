#include "tokenizer/internal/byte_alphabet.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {
namespace {

constexpr bool spells_itself(char32_t byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xFF && byte != 0xAD);
}

constexpr char32_t kFirstSubstitute = 0x100;
constexpr std::size_t kCharacters = 0x100 + 68;

constexpr std::array<char32_t, 256> make_characters() {
  std::array<char32_t, 256> characters{};
  char32_t next = kFirstSubstitute;
  for (char32_t byte = 0; byte < 256; ++byte) {
    characters[byte] = spells_itself(byte) ? byte : next++;
  }
  return characters;
}

constexpr std::array<char32_t, 256> kByteCharacters = make_characters();

constexpr std::array<std::int16_t, kCharacters> make_bytes() {
  std::array<std::int16_t, kCharacters> bytes{};
  bytes.fill(-1);
  for (std::size_t byte = 0; byte < 256; ++byte) {
    bytes[kByteCharacters[byte]] = static_cast<std::int16_t>(byte);
  }
  return bytes;
}

constexpr std::array<std::int16_t, kCharacters> kCharacterBytes = make_bytes();

}  // namespace

const std::array<char32_t, 256>& byte_characters() {
  return kByteCharacters;
}

std::string spell_bytes(std::string_view bytes) {
  std::string spelling;
  for (const char byte : bytes) {
    append_utf8(kByteCharacters[static_cast<unsigned char>(byte)], spelling);
  }
  return spelling;
}

std::optional<std::string> bytes_of_spelling(std::string_view spelling) {
  std::string bytes;
  bytes.reserve(spelling.size());
  while (!spelling.empty()) {
    const CodePoint character = decode_utf8(spelling);
    if (character.value >= kCharacters || kCharacterBytes[character.value] < 0) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<char>(kCharacterBytes[character.value]));
    spelling.remove_prefix(static_cast<std::size_t>(character.length));
  }
  return bytes;
}

}  // namespace rq::tokenizer
