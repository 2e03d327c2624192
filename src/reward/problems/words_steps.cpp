// Steps of functions that are given a list of words.

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "reward/problems/draft.h"
#include "reward/problems/function_steps.h"

namespace rq::reward {
namespace {

constexpr auto kText = ValueType::kText, kWords = ValueType::kWords, kNumber = ValueType::kNumber,
               kNumbers = ValueType::kNumbers;

using Result = std::optional<Value>;

const Words& words(const Value& value) {
  return std::get<Words>(value);
}

std::string first_large(std::string word) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    word[i] = static_cast<char>(i == 0 ? std::toupper(word[i]) : std::tolower(word[i]));
  }
  return word;
}

template <typename Change>
Result each(const Value& value, Change&& change) {
  Words all = words(value);
  for (auto& word : all) {
    word = change(word);
  }
  return all;
}

Result sorted(const Value& value, std::int64_t) {
  Words all = words(value);
  std::ranges::sort(all);
  return all;
}

Result reversed_words(const Value& value, std::int64_t) {
  Words all = words(value);
  std::ranges::reverse(all);
  return all;
}

Result longest(const Value& value, std::int64_t) {
  const auto found = std::ranges::max_element(words(value), {}, &std::string::size);
  return found == words(value).end() ? std::nullopt : Result(*found);
}

Result lengths(const Value& value, std::int64_t) {
  Numbers all;
  for (const auto& word : words(value)) {
    all.push_back(static_cast<std::int64_t>(word.size()));
  }
  return all;
}

template <typename Test>
Result keep_words(const Value& value, Test&& passes) {
  Words all = words(value);
  std::erase_if(all, [&](const std::string& word) { return !passes(word); });
  return all;
}

std::size_t size(std::int64_t value) {
  return static_cast<std::size_t>(value);
}

constexpr FunctionStep kWordsSteps[] = {
    {kWords,
     kWords,
     "reverse every word",
     "[w[::-1] for w in {v}]",
     [](const Value& v, std::int64_t) {
       return each(v,
                   [](const std::string& word) { return std::string(word.rbegin(), word.rend()); });
     }},
    {kWords,
     kWords,
     "make every word begin with a large letter, with small ones after it",
     "[w.capitalize() for w in {v}]",
     [](const Value& v, std::int64_t) { return each(v, &first_large); }},
    {kWords,
     kWords,
     "keep the first {k} characters of every word",
     "[w[:{k}] for w in {v}]",
     [](const Value& v, std::int64_t k) {
       return each(v, [&](const std::string& word) { return word.substr(0, size(k)); });
     },
     1,
     4},
    {kWords,
     kWords,
     "keep the words with more than {k} characters",
     "[w for w in {v} if len(w) > {k}]",
     [](const Value& v, std::int64_t k) {
       return keep_words(v, [&](const std::string& word) { return word.size() > size(k); });
     },
     2,
     6},
    {kWords,
     kWords,
     "keep the words with fewer than {k} characters",
     "[w for w in {v} if len(w) < {k}]",
     [](const Value& v, std::int64_t k) {
       return keep_words(v, [&](const std::string& word) { return word.size() < size(k); });
     },
     3,
     7},
    {kWords, kWords, "sort the words", "sorted({v})", &sorted},
    {kWords, kWords, "reverse the order of the words", "{v}[::-1]", &reversed_words},
    {kWords,
     kText,
     "join the words with spaces",
     "\" \".join({v})",
     [](const Value& v, std::int64_t) { return Result(joined(words(v), " ")); }},
    {kWords,
     kText,
     "join the words with hyphens",
     "\"-\".join({v})",
     [](const Value& v, std::int64_t) { return Result(joined(words(v), "-")); }},
    {kWords,
     kText,
     "take the longest word, the first of equally long ones",
     "max({v}, key=len)",
     &longest},
    {kWords, kNumbers, "take the length of every word", "[len(w) for w in {v}]", &lengths},
    {kWords,
     kNumber,
     "count the words",
     "len({v})",
     [](const Value& v, std::int64_t) {
       return Result(static_cast<std::int64_t>(words(v).size()));
     }},
};

}  // namespace

std::span<const FunctionStep> words_steps() {
  return kWordsSteps;
}

}  // namespace rq::reward
