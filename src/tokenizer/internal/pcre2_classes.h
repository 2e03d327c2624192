#pragma once
// Sets of characters in PCRE2's spelling, for use between brackets.

#include <string>
#include <string_view>

#include "tokenizer/internal/unicode.h"

namespace rq::tokenizer {

// "\x{41}-\x{5A}\x{61}-\x{7A}".
std::string spell_ranges(const CharacterSet& set);

// The set that `name` stands for: as PCRE2's own property, which is fast, with what its Unicode
// version lacks added; as ranges where PCRE2 has no such property or one with more characters.
std::string spell_class(std::string_view name, const CharacterSet& set);

}  // namespace rq::tokenizer
