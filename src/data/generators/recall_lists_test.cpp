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
  std::vector<Said> facts;
  for (std::size_t at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    const std::size_t before = text.find_last_of(" \n", at),
                      key = before == std::string_view::npos ? 0 : before + 1;
    facts.push_back(
        {.key = std::string(text.substr(key, at - key)),
         .value = std::string(text.substr(at + 1, text.find_first_of(" .\n", at) - at - 1))});
  }
  return facts;
}

TEST(RecallLists, EveryKeyHasOneValueAndMostOfWhatIsSaidWasSaidBefore) {
  for (std::int64_t i = 0; i < 200; ++i) {
    const std::string text = generate("recall", 1, i);
    std::map<std::string, std::string> values;
    const std::vector<Said> said = facts_in(text);
    for (const auto& [key, value] : said) {
      EXPECT_EQ(values.try_emplace(key, value).first->second, value) << text;
    }
    EXPECT_GE(said.size(), 3 * values.size()) << text;
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
  EXPECT_GT(most, 20U);
  EXPECT_LE(most, 24U);
}

TEST(RecallLists, SomeDocumentsAreStatementsALine) {
  int in_lines = 0;
  for (std::int64_t i = 0; i < 200; ++i) {
    in_lines += generate("recall", 1, i).starts_with("Remember ") ? 1 : 0;
  }
  EXPECT_NEAR(in_lines, 50, 20);
}

TEST(RecallLists, TheSameSeedAndIndexGiveTheSameDocument) {
  EXPECT_EQ(generate("recall", 5, 17), generate("recall", 5, 17));
  EXPECT_NE(generate("recall", 5, 17), generate("recall", 5, 18));
}

}  // namespace
}  // namespace rq::data
