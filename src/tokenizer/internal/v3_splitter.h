#pragma once
// DeepSeek-V3's pre-tokenizer by hand: its three Split patterns in one pass over a table of
// character classes. The general engine (pre_tokenizer.h) is its reference, and a test holds one
// against the other.
//
//   1. \p{N}{1,3}, isolated (3 is `max_digits`)
//   2. [一-龥぀-ゟ゠-ヿ]+, isolated
//   3. [!-/:-@\[-`{-~][A-Za-z]+ | [^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+ | ?[\p{P}\p{S}]+[\r\n]*
//      | \s*[\r\n]+ | \s+(?!\S) | \s+, isolated, within each piece of the first two

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tokenizer/internal/unicode.h"
#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {

// The three patterns as tokenizer.json has them.
inline constexpr std::string_view kV3DigitsPattern = "\\p{N}{1,3}";
inline constexpr std::string_view kV3EastAsianPattern = "[一-龥\u3040-ゟ゠-ヿ]+";
inline constexpr std::string_view kV3WordsPattern =
    "[!\"#$%&'()*+,\\-./"
    ":;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|"
    " ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+";

class V3Splitter {
 public:
  explicit V3Splitter(int max_digits) : max_digits_(max_digits), table_(ClassTable::get()) {}

  // Calls sink(piece) for each piece of valid UTF-8, in order; the pieces cover the text.
  template <typename Sink>
  void split(std::string_view text, Sink&& sink) const {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
      const Character first = character_at(at);
      const char* stop = at + first.length;
      if ((first.bits & kNumber) != 0) {
        stop = end_of_number(stop, end);
        sink(between(at, stop));
      } else {
        stop = end_of_segment(stop, end, first.bits & kEastAsian);
        split_words(at, stop, sink);
      }
      at = stop;
    }
  }

 private:
  struct Character {
    std::uint8_t bits;  // of CharacterClass
    std::uint8_t length;
  };

  static std::string_view between(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  // Behind the digits from `at` on, of a number that has one already.
  const char* end_of_number(const char* at, const char* end) const {
    for (int digits = 1; digits < max_digits_ && at < end; ++digits) {
      const Character next = character_at(at);
      if ((next.bits & kNumber) == 0) {
        break;
      }
      at += next.length;
    }
    return at;
  }

  Character character_at(const char* at) const {
    if (static_cast<signed char>(*at) >= 0) [[likely]] {
      return {table_.of_byte(*at), 1};
    }
    const CodePoint point = decode_utf8(at);
    return {table_.of(point.value), static_cast<std::uint8_t>(point.length)};
  }

  // The first character from `at` on that is a number, or is East Asian where the segment is not,
  // or the reverse.
  const char* end_of_segment(const char* at, const char* end, int east_asian) const {
    while (at < end) {
      const Character next = character_at(at);
      if ((next.bits & kNumber) != 0 || (next.bits & kEastAsian) != east_asian) {
        break;
      }
      at += next.length;
    }
    return at;
  }

  const char* skip(const char* at, const char* end, int bits) const {
    while (at < end) {
      const Character next = character_at(at);
      if ((next.bits & bits) == 0) {
        break;
      }
      at += next.length;
    }
    return at;
  }

  // The end of the third pattern's match at `at`; `at` itself where nothing matches.
  const char* match_word(const char* at, const char* end) const {
    const Character first = character_at(at);
    const char* const second = at + first.length;
    constexpr int kWord = kLetter | kMark;
    if ((first.bits & kLetter) != 0) {
      return skip(second, end, kWord);
    }
    const Character next = second < end ? character_at(second) : Character{0, 0};
    if ((first.bits & kPunctuation) != 0) {
      if (first.length == 1 && (next.bits & kAsciiLetter) != 0) {
        return skip(second, end, kAsciiLetter);
      }
      return skip(skip(second, end, kPunctuation), end, kNewline);
    }
    if ((first.bits & kNewline) == 0 && (next.bits & kWord) != 0) {
      return skip(second, end, kWord);
    }
    if ((first.bits & kMark) != 0) {
      return second;
    }
    if (*at == ' ' && (next.bits & kPunctuation) != 0) {
      return skip(skip(second, end, kPunctuation), end, kNewline);
    }
    return (first.bits & kSpace) != 0 ? match_spaces(at, end) : at;
  }

  // \s*[\r\n]+ | \s+(?!\S) | \s+ at a space: up to the last newline of the run; else all of it but
  // the last, which belongs to what follows.
  const char* match_spaces(const char* at, const char* end) const {
    const char* last = at;           // where the run's last character starts
    const char* after_newline = at;  // past the run's last newline
    const char* stop = at;
    while (stop < end) {
      const Character next = character_at(stop);
      if ((next.bits & kSpace) == 0) {
        break;
      }
      last = stop;
      stop += next.length;
      after_newline = (next.bits & kNewline) != 0 ? stop : after_newline;
    }
    if (after_newline != at) {
      return after_newline;
    }
    return stop == end || last == at ? stop : last;
  }

  template <typename Sink>
  void split_words(const char* at, const char* end, Sink&& sink) const {
    const char* unmatched = at;  // characters since here belong to no match
    while (at < end) {
      const char* const stop = match_word(at, end);
      if (stop == at) {
        at += character_at(at).length;
        continue;
      }
      if (unmatched != at) {
        sink(between(unmatched, at));
      }
      sink(between(at, stop));
      at = unmatched = stop;
    }
    if (unmatched != end) {
      sink(between(unmatched, end));
    }
  }

  int max_digits_;
  const ClassTable& table_;
};

}  // namespace rq::tokenizer
