#pragma once
// Python's operations on strings, by characters (code points).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rq::tokenizer::jinja {

// Without the characters of `set` at its ends; without white space where `set` is null.
enum class Ends { kLeft, kRight, kBoth };
std::string strip(std::string_view text, Ends ends, const std::string* set = nullptr);

std::string upper(std::string_view text);
std::string lower(std::string_view text);
std::string capitalize(std::string_view text);  // the first character large, the others small
std::string title(std::string_view text);       // the same of each word

// `most` < 0: all of them.
std::string replace(std::string_view text,
                    std::string_view from,
                    std::string_view to,
                    std::int64_t most = -1);

// At each `separator`; at runs of white space where that is null.
std::vector<std::string> split(std::string_view text,
                               const std::string* separator,
                               std::int64_t most = -1);

}  // namespace rq::tokenizer::jinja
