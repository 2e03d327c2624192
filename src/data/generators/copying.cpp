#include "data/generators/copying.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "data/generators/draw.h"

namespace rq::data {
namespace {

constexpr auto kWords = std::to_array<std::string_view>(
    {"the",   "of",      "and",       "to",        "in",     "a",       "is",      "that",
     "for",   "it",      "was",       "on",        "are",    "as",      "with",    "they",
     "at",    "be",      "this",      "from",      "have",   "or",      "by",      "one",
     "had",   "not",     "but",       "what",      "all",    "were",    "when",    "we",
     "there", "can",     "an",        "your",      "which",  "their",   "said",    "if",
     "do",    "will",    "each",      "about",     "how",    "up",      "out",     "them",
     "then",  "she",     "many",      "some",      "so",     "these",   "would",   "other",
     "into",  "has",     "more",      "her",       "two",    "like",    "him",     "see",
     "time",  "could",   "no",        "make",      "than",   "first",   "been",    "its",
     "who",   "now",     "people",    "my",        "made",   "over",    "did",     "down",
     "only",  "way",     "find",      "use",       "may",    "water",   "long",    "little",
     "very",  "after",   "words",     "called",    "just",   "where",   "most",    "know",
     "get",   "through", "back",      "much",      "before", "go",      "good",    "new",
     "write", "our",     "used",      "me",        "man",    "too",     "any",     "day",
     "same",  "right",   "look",      "think",     "also",   "around",  "another", "came",
     "come",  "work",    "three",     "word",      "must",   "because", "does",    "part",
     "even",  "place",   "well",      "such",      "here",   "take",    "why",     "things",
     "help",  "put",     "years",     "different", "away",   "again",   "off",     "went",
     "old",   "number",  "great",     "tell",      "men",    "say",     "small",   "every",
     "found", "still",   "between",   "name",      "should", "home",    "big",     "give",
     "air",   "line",    "set",       "own",       "under",  "read",    "last",    "never",
     "us",    "left",    "end",       "along",     "while",  "might",   "next",    "sound",
     "below", "saw",     "something", "thought",   "both",   "few",     "those",   "always",
     "show",  "large",   "often",     "together",  "asked",  "house",   "world",   "going",
     "want",  "school",  "important", "until",     "form",   "food",    "keep"});
constexpr auto kBetweenRepeats = std::to_array<std::string_view>(
    {" ", "\n", "\n\n", ". ", "; ", ", ", " / ", " | ", "\n---\n", "\n* "});

// A random text of `least` to `most` characters out of `alphabet`.
std::string characters(Rng& rng, std::string_view alphabet, Sizes sizes) {
  std::string text(static_cast<std::size_t>(rng.between(sizes.least, sizes.most)), ' ');
  std::ranges::generate(text, [&] { return one_of(rng, alphabet); });
  return text;
}

// What a passage is made of: some common words, groups of digits, groups of letters, or all of
// them.
std::vector<std::string> vocabulary(Rng& rng) {
  constexpr Sizes kDifferent = {.least = 2, .most = static_cast<std::int64_t>(kWords.size())};
  const auto size = static_cast<std::size_t>(log_uniform(rng, kDifferent));
  const std::uint64_t kind = rng.below(6);
  std::vector<std::string> units;
  if (kind <= 2 || kind == 5) {
    units.assign(kWords.begin(), kWords.end());
    rng.shuffle(units);
    units.resize(size);
  }
  while (kind >= 3 && units.size() < (kind == 5 ? 2 * size : size)) {
    units.push_back(kind == 3 || (kind == 5 && rng.below(2) == 0)
                        ? characters(rng, "0123456789", {.least = 1, .most = 6})
                        : characters(rng, "abcdefghijklmnopqrstuvwxyz", {.least = 1, .most = 7}));
  }
  return units;
}

std::string passage(Rng& rng, std::int64_t length) {
  const std::vector<std::string> units = vocabulary(rng);
  const bool has_marks = rng.below(3) == 0;
  std::string text = one_of(rng, units);
  for (std::int64_t i = 1; i < length; ++i) {
    const bool is_marked = has_marks && rng.below(8) == 0;
    text.append(is_marked ? (rng.below(3) == 0 ? ". " : ", ") : " ").append(one_of(rng, units));
  }
  return text;
}

// The passage two times or more; short ones more often, so that a document's size varies less than
// its passages'.
std::string repeated(Rng& rng, const std::string& text, std::int64_t length, Sizes sizes) {
  constexpr std::int64_t kMostRepeats = 12;
  const std::int64_t most = std::clamp<std::int64_t>(3 * sizes.most / length, 3, kMostRepeats);
  const std::string_view between = one_of(rng, kBetweenRepeats);
  std::string result = text;
  for (std::int64_t left = rng.between(2, most); left > 1; --left) {
    result.append(between).append(text);
  }
  return result;
}

}  // namespace

std::string copying(Rng& rng, Sizes sizes) {
  constexpr std::array<int, 6> kPassages = {1, 1, 1, 2, 3, 4};
  std::vector<std::string> passages;
  std::string text;
  for (int left = one_of(rng, kPassages); left > 0; --left) {
    const std::int64_t length = log_uniform(rng, sizes);
    passages.push_back(passage(rng, length));
    text += repeated(rng, passages.back(), length, sizes) + "\n";
  }
  if (passages.size() > 1 && rng.below(2) == 0) {
    rng.shuffle(passages);
    for (const auto& again : passages) {
      text += again + "\n";
    }
  }
  return text;
}

}  // namespace rq::data
