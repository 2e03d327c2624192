#include "eval/tables/internal/sentences.h"

#include <cstddef>
#include <string_view>
#include <vector>

#include "eval/tables/pattern.h"

namespace rq::eval {
namespace {

enum class End { kNone, kAlways, kBeforeCapital };

End end_of(std::string_view word) {
  // With the marks that may stand behind a sentence's end, before a blank.
  static const Pattern always(R"((*UCP)(?:[.!?؟।۔]|[。！？…]+)["'”’»」』）)\]*_]*$)", "end");
  static const Pattern several(R"((?:\.\.|…)["'”’»)\]*_]*$)", "several points");
  static const Pattern title(
      R"((*UCP)^[("'“‘\[*_]*(?:[A-Za-z]|(?i:mrs?|ms|drs?|prof|sr|jr|st|gen|col|capt|lt|sgt|rev|hon|gov|sen|rep|vs|fig|vol|pp))\.$)",
      "title");
  static const Pattern abbreviation(
      R"((*UCP)^[("'“‘\[*_]*(?:(?:\p{L}\.)+\p{L}|(?i:etc|inc|ltd|co|corp|al|ph\.d|ave|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec))\.$)",
      "abbreviation");
  if (title.last_in(word)) {
    return End::kNone;
  }
  if (abbreviation.last_in(word) || several.last_in(word)) {
    return End::kBeforeCapital;
  }
  return always.last_in(word) ? End::kAlways : End::kNone;
}

bool has_capital_first(std::string_view word) {
  static const Pattern capital(R"(^["'“‘(\[*_]*\p{Lu})", "capital");
  return capital.last_in(word).has_value();
}

}  // namespace

std::size_t count_sentences(std::string_view text) {
  // East Asian texts have no blanks: a word ends behind their marks as well.
  static const Pattern words(R"((*UCP)[^\s。！？]*[。！？]+["'”’」』）)]*|\S+)", "words");
  const std::vector<std::string_view> all = words.all_in(text);
  std::size_t count = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const End end = end_of(all[i]);
    const bool is_last = i + 1 == all.size();
    count += is_last || end == End::kAlways ||
                     (end == End::kBeforeCapital && has_capital_first(all[i + 1]))
                 ? 1
                 : 0;
  }
  return count;
}

}  // namespace rq::eval
