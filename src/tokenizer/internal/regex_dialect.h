#pragma once
// Oniguruma's regular expressions, which tokenizer.json files are written in, said in PCRE2's.

#include <string>
#include <string_view>

namespace rq::tokenizer {

// The same language in PCRE2 syntax: character classes of Unicode 16 (\s, \d, \w, \p{L}), \h as a
// hexadecimal digit, ^ and $ at every line, (?m) as "dot matches newline", and {n,m}+ as a repeated
// repeat rather than a possessive one. An Error names `origin` and the part that has no counterpart
// (nested and intersected classes, options amid a pattern).
std::string to_pcre2(std::string_view pattern, std::string_view origin);

}  // namespace rq::tokenizer
