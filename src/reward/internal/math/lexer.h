#pragma once
// LaTeX or plain text -> tokens of one notation: layout and dollar signs fall away, synonyms become
// one, thousands separators leave their number, words are told from variables.

#include <string_view>

#include "reward/internal/math/token.h"

namespace rq::reward::math {

// Takes any bytes, in linear time. What it does not know becomes a kFunction that no parser knows.
Tokens read_tokens(std::string_view answer);

// Whether both say the same in words alone: letters, whatever their case and spacing.
bool are_same_words(const Tokens& a, const Tokens& b);

}  // namespace rq::reward::math
