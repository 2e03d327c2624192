#pragma once
// Small tokenizers and helpers for tests.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "base/rng.h"
#include "tokenizer/internal/byte_alphabet.h"
#include "tokenizer/internal/utf8.h"
#include "tokenizer/tokenizer.h"

namespace rq::tokenizer {

// A byte-level file whose ids 0 to 255 are the bytes and whose merges (of tokens as bytes) follow.
inline Json byte_level_file(const std::vector<std::pair<std::string, std::string>>& merges) {
  Json vocabulary, pairs = Json::array();
  for (int byte = 0; byte < 256; ++byte) {
    vocabulary[spell_bytes(std::string(1, static_cast<char>(byte)))] = byte;
  }
  for (const auto& [left, right] : merges) {
    const std::string made = spell_bytes(left + right);
    if (!vocabulary.contains(made)) {
      vocabulary[made] = vocabulary.size();
    }
    pairs.push_back({spell_bytes(left), spell_bytes(right)});
  }
  const Json byte_level = {
      {"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
  return {{"version", "1.0"},
          {"added_tokens", Json::array()},
          {"normalizer", nullptr},
          {"pre_tokenizer", byte_level},
          {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", pairs}}}};
}

inline Tokenizer make(const Json& file) {
  return Tokenizer::from_json(file.dump(), "test.json");
}

inline Json added_token(int id, std::string_view content) {
  return {{"id", id},
          {"content", content},
          {"single_word", false},
          {"lstrip", false},
          {"rstrip", false},
          {"normalized", false},
          {"special", true}};
}

// The sentence that `act` throws; empty where it does not.
template <typename Act>
std::string error_of(Act&& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// Random text in which the characters that patterns care about are frequent.
inline std::string random_text(Rng& rng, std::size_t characters) {
  static constexpr char32_t kTelling[] = {
      ' ',    ' ',    '\n',   '\r',    '\t',    'a',    'S',    't',    '1',
      '2',    '\'',   '_',    '!',     '-',     0x00A0, 0x0085, 0x3000, 0x00B2,
      0x0663, 0x2167, 0x00E9, 0x0301,  0x4E2D,  0x9FA5, 0x9FA6, 0x3042, 0x30FB,
      0x309B, 0x3099, 0x200D, 0x1F389, 0x1F3FD, 0x0000, 0x0378, 0xFEFF, 0x20AC};
  std::string text;
  for (std::size_t i = 0; i < characters; ++i) {
    char32_t value = kTelling[rng.below(std::size(kTelling))];
    if (rng.below(8) == 0) {
      value = static_cast<char32_t>(rng.below(0x30000));
    }
    append_utf8(value >= 0xD800 && value < 0xE000 ? U'x' : value, text);
  }
  return text;
}

}  // namespace rq::tokenizer
