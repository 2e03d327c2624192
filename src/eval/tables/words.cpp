#include "eval/tables/words.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rq::eval {
namespace {

// How many bytes the character at `at` has, as its first byte says.
std::size_t length_of(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  return std::min(length, text.size() - at);
}

// Three bytes from U+3000 on: ideographs, kana, hangul, and their punctuation.
bool is_east_asian(std::string_view character) {
  return character.size() == 3 && static_cast<unsigned char>(character[0]) >= 0xE3;
}

// What stands between sentences there: U+3000 to U+303F and the wide forms from U+FF00 on.
bool is_east_asian_punctuation(std::string_view character) {
  const auto second = static_cast<unsigned char>(character[1]);
  return (character[0] == '\xE3' && second == 0x80) || (character[0] == '\xEF' && second >= 0xBC);
}

}  // namespace

std::vector<std::string> answer_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (!word.empty() && word != "a" && word != "an" && word != "the") {
      words.push_back(word);
    }
    word.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, length_of(text, at));
    at += character.size();
    const auto first = static_cast<unsigned char>(character[0]);
    if (is_east_asian(character)) {
      finish();
      if (!is_east_asian_punctuation(character)) {
        words.emplace_back(character);
      }
    } else if (character.size() > 1) {
      word += character;
    } else if (std::isspace(first) != 0) {
      finish();
    } else if (std::ispunct(first) == 0) {
      word += static_cast<char>(std::tolower(first));
    }
  }
  finish();
  return words;
}

bool same_words(std::string_view given, std::string_view right) {
  return answer_words(given) == answer_words(right);
}

double word_overlap(std::string_view given, std::string_view right) {
  const std::vector<std::string> ours = answer_words(given), theirs = answer_words(right);
  if (ours.empty() || theirs.empty()) {
    return ours.size() == theirs.size() ? 1 : 0;
  }
  std::map<std::string_view, std::int64_t> counts;
  for (const std::string& word : theirs) {
    ++counts[word];
  }
  double common = 0;
  for (const std::string& word : ours) {
    common += counts[word]-- > 0 ? 1 : 0;
  }
  return 2 * common / static_cast<double>(ours.size() + theirs.size());
}

}  // namespace rq::eval
