// Steps of functions that are given a text.

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "reward/problems/draft.h"
#include "reward/problems/function_steps.h"

namespace rq::reward {
namespace {

constexpr auto kText = ValueType::kText, kWords = ValueType::kWords, kNumber = ValueType::kNumber;
constexpr std::size_t kMostBytes = 200;
constexpr std::string_view kVowels = "aeiou";

using Result = std::optional<Value>;

const std::string& text(const Value& value) {
  return std::get<std::string>(value);
}

std::string reversed(std::string text) {
  std::ranges::reverse(text);
  return text;
}

std::string upper(std::string text) {
  std::ranges::transform(
      text, text.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string lower(std::string text) {
  std::ranges::transform(
      text, text.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_vowel(char c) {
  return kVowels.find(c) != std::string_view::npos;
}

template <typename Test>
Result keep(const Value& value, Test&& passes) {
  std::string kept = text(value);
  std::erase_if(kept, [&](char c) { return !passes(c); });
  return kept;
}

template <typename Test>
Result count(const Value& value, Test&& passes) {
  return static_cast<std::int64_t>(std::ranges::count_if(text(value), passes));
}

Words parts_at(const std::string& text, char between) {
  Words parts(1);
  for (const char c : text) {
    if (c == between) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

Result split(const Value& value, std::int64_t) {
  Words parts = parts_at(text(value), ' ');
  std::erase(parts, "");
  return parts;
}

Result repeated(const Value& value, std::int64_t times) {
  std::string all;
  for (std::int64_t i = 0; i < times; ++i) {
    all += text(value);
  }
  return all.size() <= kMostBytes ? Result(all) : std::nullopt;
}

std::size_t size(std::int64_t value) {
  return static_cast<std::size_t>(value);
}

constexpr FunctionStep kTextSteps[] = {
    {kText,
     kText,
     "remove every letter {c}",
     "{v}.replace(\"{c}\", \"\")",
     [](const Value& v, std::int64_t k) {
       return keep(v, [&](char c) { return c != letter_of(k); });
     },
     0,
     25},
    {kText,
     kText,
     "replace every space by the letter {c}",
     "{v}.replace(\" \", \"{c}\")",
     [](const Value& v, std::int64_t k) {
       std::string all = text(v);
       std::ranges::replace(all, ' ', letter_of(k));
       return Result(all);
     },
     0,
     25},
    {kText,
     kText,
     "put the letter {c} in front",
     "\"{c}\" + {v}",
     [](const Value& v, std::int64_t k) { return Result(letter_of(k) + text(v)); },
     0,
     25},
    {kText,
     kNumber,
     "count the letter {c}",
     "{v}.count(\"{c}\")",
     [](const Value& v, std::int64_t k) {
       return count(v, [&](char c) { return c == letter_of(k); });
     },
     0,
     25},
    {kText,
     kWords,
     "cut the text at every letter {c}",
     "{v}.split(\"{c}\")",
     [](const Value& v, std::int64_t k) { return Result(parts_at(text(v), letter_of(k))); },
     0,
     25},
    {kText,
     kText,
     "reverse the text",
     "{v}[::-1]",
     [](const Value& v, std::int64_t) { return Result(reversed(text(v))); }},
    {kText,
     kText,
     "make all letters large",
     "{v}.upper()",
     [](const Value& v, std::int64_t) { return Result(upper(text(v))); }},
    {kText,
     kText,
     "make all letters small",
     "{v}.lower()",
     [](const Value& v, std::int64_t) { return Result(lower(text(v))); }},
    {kText,
     kText,
     "remove the vowels a, e, i, o, u",
     "\"\".join(c for c in {v} if c not in \"aeiou\")",
     [](const Value& v, std::int64_t) { return keep(v, [](char c) { return !is_vowel(c); }); }},
    {kText,
     kText,
     "keep only the vowels a, e, i, o, u",
     "\"\".join(c for c in {v} if c in \"aeiou\")",
     [](const Value& v, std::int64_t) { return keep(v, &is_vowel); }},
    {kText,
     kText,
     "remove the spaces",
     "{v}.replace(\" \", \"\")",
     [](const Value& v, std::int64_t) { return keep(v, [](char c) { return c != ' '; }); }},
    {kText,
     kText,
     "keep the first {k} characters",
     "{v}[:{k}]",
     [](const Value& v, std::int64_t k) { return Result(text(v).substr(0, size(k))); },
     2,
     12},
    {kText,
     kText,
     "remove the first {k} characters",
     "{v}[{k}:]",
     [](const Value& v, std::int64_t k) {
       return Result(text(v).substr(std::min(size(k), text(v).size())));
     },
     2,
     12},
    {kText,
     kText,
     "keep every second character, from the first on",
     "{v}[::2]",
     [](const Value& v, std::int64_t) {
       std::string kept;
       for (std::size_t i = 0; i < text(v).size(); i += 2) {
         kept += text(v)[i];
       }
       return Result(kept);
     }},
    {kText, kText, "repeat the text {k} times", "{v} * {k}", &repeated, 2, 5},
    {kText, kWords, "split the text into words at spaces", "{v}.split()", &split},
    {kText,
     kNumber,
     "count the characters",
     "len({v})",
     [](const Value& v, std::int64_t) { return count(v, [](char) { return true; }); }},
    {kText,
     kNumber,
     "count the vowels a, e, i, o, u",
     "sum(c in \"aeiou\" for c in {v})",
     [](const Value& v, std::int64_t) { return count(v, &is_vowel); }},
    {kText,
     kNumber,
     "count the spaces",
     "{v}.count(\" \")",
     [](const Value& v, std::int64_t) { return count(v, [](char c) { return c == ' '; }); }},
    {kText,
     kNumber,
     "count the large letters",
     "sum(c.isupper() for c in {v})",
     [](const Value& v, std::int64_t) {
       return count(v, [](char c) { return c >= 'A' && c <= 'Z'; });
     }},
};

}  // namespace

std::span<const FunctionStep> text_steps() {
  return kTextSteps;
}

}  // namespace rq::reward
