// That lists of facts state each fact before they ask it, and give it one answer.

#include "data/generators/recall_lists.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "data/generators/generator.h"

namespace rq::data {
namespace {

struct Said {
  std::string key, value;
};

// The facts of a document in the order they are said.
std::vector<Said> facts_in(std::string_view text) {
  constexpr std::string_view kBegin = "The number of ", kBefore = " is ";
  std::vector<Said> facts;
  for (std::size_t at = text.find(kBegin); at != std::string_view::npos;
       at = text.find(kBegin, at + 1)) {
    const std::size_t key = at + kBegin.size(), is = text.find(kBefore, key),
                      value = is + kBefore.size();
    facts.push_back({.key = std::string(text.substr(key, is - key)),
                     .value = std::string(text.substr(value, text.find('.', value) - value))});
  }
  return facts;
}

TEST(RecallLists, EveryFactIsStatedOnceAndAtLeastHalfOfThemAreAskedWithTheSameAnswer) {
  for (std::int64_t i = 0; i < 200; ++i) {
    const std::string text = generate("recall", 1, i);
    std::map<std::string, std::string> values;
    std::map<std::string, int> times;
    for (const auto& [key, value] : facts_in(text)) {
      EXPECT_EQ(values.try_emplace(key, value).first->second, value) << text;
      ++times[key];
    }
    const auto asked =
        std::ranges::count_if(times, [](const auto& pair) { return pair.second > 1; });
    EXPECT_GE(2 * asked, static_cast<std::int64_t>(times.size())) << text;
    EXPECT_EQ(text.back(), '\n');
  }
}

TEST(RecallLists, ListsAreOfTwoToSomeDozensOfFacts) {
  std::size_t least = SIZE_MAX, most = 0;
  for (std::int64_t i = 0; i < 400; ++i) {
    std::map<std::string, int> keys;
    for (const auto& fact : facts_in(generate("recall", 1, i))) {
      ++keys[fact.key];
    }
    least = std::min(least, keys.size());
    most = std::max(most, keys.size());
  }
  EXPECT_EQ(least, 2U);
  EXPECT_GT(most, 40U);
  EXPECT_LE(most, 48U);
}

TEST(RecallLists, TheSameSeedAndIndexGiveTheSameDocument) {
  EXPECT_EQ(generate("recall", 5, 17), generate("recall", 5, 17));
  EXPECT_NE(generate("recall", 5, 17), generate("recall", 5, 18));
}

}  // namespace
}  // namespace rq::data
