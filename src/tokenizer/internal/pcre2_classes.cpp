#include "tokenizer/internal/pcre2_classes.h"

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/format.h"
#include "tokenizer/internal/regex.h"
#include "tokenizer/internal/unicode.h"
#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {
namespace {

// What PCRE2 itself takes `property` to be, found by matching every character once.
CharacterSet set_of_pcre2(std::string_view property) {
  static const std::string everything = [] {
    std::string text;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
      if (c < 0xD800 || c > 0xDFFF) {
        append_utf8(c, text);
      }
    }
    return text;
  }();
  const auto regex = Regex::from_pcre2(fmt::format("[{}]+", property), "character class");
  RegexScratch scratch;
  CharacterSet set;
  std::size_t from = 0;
  while (const auto match = regex.find(everything, from, scratch)) {
    set.push_back({decode_utf8(everything.data() + match->begin).value,
                   decode_utf8_before(std::string_view(everything).substr(0, match->end)).value});
    from = match->end;
  }
  return set;
}

// The characters of `set` that `other` lacks.
CharacterSet without(const CharacterSet& set, const CharacterSet& other) {
  CharacterSet result;
  auto next = other.begin();
  for (CharacterRange range : set) {
    while (next != other.end() && next->last < range.first) {
      ++next;
    }
    for (auto cut = next; cut != other.end() && cut->first <= range.last; ++cut) {
      if (cut->first > range.first) {
        result.push_back({range.first, cut->first - 1});
      }
      range.first = cut->last + 1;
    }
    if (range.first <= range.last) {
      result.push_back(range);
    }
  }
  return result;
}

std::string spell_by_property(std::string_view name, const CharacterSet& set) {
  const std::string property =
      name == "LC" ? "\\p{L&}" : fmt::format("\\p{{{}}}", name == "d" ? "Nd" : name);
  const CharacterSet known = set_of_pcre2(property);
  if (!without(known, set).empty()) {
    return spell_ranges(set);
  }
  return property + spell_ranges(without(set, known));
}

}  // namespace

std::string spell_ranges(const CharacterSet& set) {
  std::string text;
  for (const CharacterRange& range : set) {
    const auto put = [&](char32_t c) {
      text += fmt::format("\\x{{{:X}}}", static_cast<unsigned>(c));
    };
    // Surrogates are no characters; PCRE2 refuses to see them named.
    const char32_t first = range.first >= 0xD800 && range.first <= 0xDFFF ? 0xE000 : range.first;
    const char32_t last = range.last >= 0xD800 && range.last <= 0xDFFF ? 0xD7FF : range.last;
    if (first > last) {
      continue;
    }
    put(first);
    if (last > first) {
      text += '-';
      put(last);
    }
  }
  return text;
}

std::string spell_class(std::string_view name, const CharacterSet& set) {
  if (name == "s" || name == "w" || name == "Cs" || name[0] == 'C') {
    return spell_ranges(set);
  }
  static std::mutex mutex;
  static std::map<std::string, std::string, std::less<>> spellings;
  const std::lock_guard lock(mutex);
  auto found = spellings.find(name);
  if (found == spellings.end()) {
    found = spellings.emplace(name, spell_by_property(name, set)).first;
  }
  return found->second;
}

}  // namespace rq::tokenizer
