#include "review/rules.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/require.h"
#include "reward/manner.h"

namespace rq::review {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(kBlank); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kBlank, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kBlank, end);
  }
  return words;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool holds(std::string_view text, std::string_view part) {
  return std::ranges::search(text, part, [](char a, char b) {
           return lower(a) == lower(b);
         }).begin() != text.end();
}

}  // namespace

std::vector<std::string> Rules::problems() const {
  Requirements all;
  all.require(least_words >= 0, "rules.least_words={} is negative", least_words);
  all.require(most_words == 0 || most_words >= least_words,
              "rules.most_words={} is less than least_words={}",
              most_words,
              least_words);
  all.require(most_repeated >= 0 && most_repeated <= 1,
              "rules.most_repeated={} must lie in [0, 1]",
              most_repeated);
  all.require(least_same_script >= 0 && least_same_script <= 1,
              "rules.least_same_script={} must lie in [0, 1]",
              least_same_script);
  all.require(std::ranges::none_of(without, &std::string::empty),
              "rules.without holds an empty text, which every answer holds");
  return all.take();
}

double repeated_share(std::string_view text) {
  constexpr std::size_t kRun = 4;
  const std::vector<std::string_view> words = words_of(text);
  if (words.size() < kRun) {
    return 0;
  }
  std::unordered_set<std::string_view> seen;
  const std::size_t runs = words.size() - kRun + 1;
  for (std::size_t i = 0; i < runs; ++i) {
    const char* const end = words[i + kRun - 1].data() + words[i + kRun - 1].size();
    seen.emplace(words[i].data(), static_cast<std::size_t>(end - words[i].data()));
  }
  return 1 - static_cast<double>(seen.size()) / static_cast<double>(runs);
}

std::optional<std::string_view> broken_rule(const Rules& rules,
                                            std::string_view question,
                                            std::string_view answer) {
  const auto words = static_cast<std::int64_t>(words_of(answer).size());
  if (words < rules.least_words) {
    return "least_words";
  }
  if (rules.most_words > 0 && words > rules.most_words) {
    return "most_words";
  }
  if (repeated_share(answer) > rules.most_repeated) {
    return "most_repeated";
  }
  if (reward::language_consistency(question, answer) < rules.least_same_script) {
    return "least_same_script";
  }
  const bool is_clear =
      std::ranges::none_of(rules.without, [&](const auto& text) { return holds(answer, text); });
  return is_clear ? std::nullopt : std::optional<std::string_view>("without");
}

}  // namespace rq::review
