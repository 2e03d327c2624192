#include "tokenizer/jinja/text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <utf8proc.h>

#include "base/check.h"
#include "tokenizer/internal/unicode.h"
#include "tokenizer/internal/utf8.h"
#include "tokenizer/jinja/value.h"

namespace rq::tokenizer::jinja {
namespace {

bool is_space(std::string_view character) {
  if (valid_utf8_prefix(character) == 0) {
    return false;
  }
  const char32_t value = decode_utf8(character).value;
  // Python counts the separators U+001C to U+001F too.
  return (ClassTable::get().of(value) & kSpace) != 0 || (value >= 0x1C && value <= 0x1F);
}

// Each character changed by its place: `change` is told whether it begins a word.
template <typename Change>
std::string changed(std::string_view text, const Change& change) {
  std::string result;
  bool begins = true;
  for (const std::string_view character : characters(text)) {
    if (valid_utf8_prefix(character) == 0) {
      result += character;
      begins = true;
      continue;
    }
    const char32_t value = decode_utf8(character).value;
    append_utf8(change(value, begins), result);
    begins = (ClassTable::get().of(value) & kLetter) == 0;
  }
  return result;
}

char32_t to_upper(char32_t value) {
  return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(value)));
}
char32_t to_lower(char32_t value) {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(value)));
}

std::vector<std::string> split_at_space(std::string_view text, std::int64_t most) {
  std::vector<std::string> parts;
  std::string rest = strip(text, Ends::kLeft);
  while (!rest.empty() && (most < 0 || std::ssize(parts) < most)) {
    std::size_t end = 0;
    for (const std::string_view character : characters(rest)) {
      if (is_space(character)) {
        break;
      }
      end += character.size();
    }
    parts.push_back(rest.substr(0, end));
    rest = strip(rest.substr(end), Ends::kLeft);
  }
  if (!rest.empty()) {
    parts.push_back(strip(rest, Ends::kRight));
  }
  return parts;
}

}  // namespace

std::string strip(std::string_view text, Ends ends, const std::string* set) {
  const auto all = characters(text);
  const auto goes = [&](std::string_view character) {
    return set == nullptr ? is_space(character) : set->find(character) != std::string::npos;
  };
  std::size_t first = 0, last = all.size();
  while (ends != Ends::kRight && first < last && goes(all[first])) {
    ++first;
  }
  while (ends != Ends::kLeft && first < last && goes(all[last - 1])) {
    --last;
  }
  std::string result;
  for (std::size_t i = first; i < last; ++i) {
    result += all[i];
  }
  return result;
}

std::string upper(std::string_view text) {
  return changed(text, [](char32_t value, bool) { return to_upper(value); });
}

std::string lower(std::string_view text) {
  return changed(text, [](char32_t value, bool) { return to_lower(value); });
}

std::string capitalize(std::string_view text) {
  bool is_first = true;
  return changed(text, [&](char32_t value, bool) {
    const char32_t result = is_first ? to_upper(value) : to_lower(value);
    is_first = false;
    return result;
  });
}

std::string title(std::string_view text) {
  return changed(
      text, [](char32_t value, bool begins) { return begins ? to_upper(value) : to_lower(value); });
}

std::string replace(std::string_view text,
                    std::string_view from,
                    std::string_view to,
                    std::int64_t most) {
  check(!from.empty(), "replace cannot look for an empty text");
  std::string result;
  for (std::size_t at = text.find(from); at != std::string_view::npos && most != 0;
       at = text.find(from), --most) {
    result.append(text.substr(0, at)).append(to);
    text.remove_prefix(at + from.size());
  }
  return result.append(text);
}

std::vector<std::string> split(std::string_view text,
                               const std::string* separator,
                               std::int64_t most) {
  if (separator == nullptr) {
    return split_at_space(text, most);
  }
  check(!separator->empty(), "split cannot look for an empty text");
  std::vector<std::string> parts;
  for (std::size_t at = text.find(*separator);
       at != std::string_view::npos && (most < 0 || std::ssize(parts) < most);
       at = text.find(*separator)) {
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + separator->size());
  }
  parts.emplace_back(text);
  return parts;
}

}  // namespace rq::tokenizer::jinja
