#pragma once
// Unicode 16 character classes: one table for the hand-written pre-tokenizer, and sets of ranges
// for regular expressions (PCRE2 may be of an older Unicode than the `tokenizers` library, whose
// token ids we promise).

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {

// The general categories, in the order of the standard's table.
// NOLINTBEGIN(readability-identifier-naming): these are its names.
enum class Category : std::uint8_t {
  Lu,
  Ll,
  Lt,
  Lm,
  Lo,
  Mn,
  Mc,
  Me,
  Nd,
  Nl,
  No,
  Pc,
  Pd,
  Ps,
  Pe,
  Pi,
  Pf,
  Po,
  Sm,
  Sc,
  Sk,
  So,
  Zs,
  Zl,
  Zp,
  Cc,
  Cf,
  Cs,
  Co,
  Cn,
};
// NOLINTEND(readability-identifier-naming)

struct CharacterRange {
  char32_t first, last;  // both included
};
using CharacterSet = std::vector<CharacterRange>;  // ascending, apart from each other

// All characters of a category ("Lu"), a group of them ("L", "L&"), or one of the words "s", "d",
// "w" as `tokenizers` reads \s,
// \d and \w; nothing where the name is not one of these.
std::optional<CharacterSet> character_set(std::string_view name);
CharacterSet complement(const CharacterSet& set);

// Bits of what a character is, as DeepSeek-V3's pre-tokenizer asks.
enum CharacterClass : std::uint8_t {
  kLetter = 1,       // \p{L}
  kMark = 2,         // \p{M}
  kNumber = 4,       // \p{N}
  kPunctuation = 8,  // \p{P} or \p{S}
  kSpace = 16,       // \s
  kNewline = 32,     // \r or \n
  kEastAsian = 64,   // the second of V3's three patterns
  kAsciiLetter = 128,
};

// Classes of all code points: constant after construction.
class ClassTable {
 public:
  // Built once, on first use.
  static const ClassTable& get();

  std::uint8_t of_byte(char ascii) const { return blocks_[0][static_cast<unsigned char>(ascii)]; }
  std::uint8_t of(char32_t value) const { return blocks_[block_of_[value >> 8]][value & 0xFF]; }

 private:
  ClassTable();
  using Block = std::array<std::uint8_t, 256>;
  std::vector<Block> blocks_;
  std::array<std::uint16_t, 0x1100> block_of_{};
};

}  // namespace rq::tokenizer
