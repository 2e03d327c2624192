// That documents of copying repeat themselves, in many sizes.

#include "data/generators/copying.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "data/generators/generator.h"

namespace rq::data {
namespace {

// The share of a text's bytes that whoever looks up the last `width` bytes would have foretold: the
// last time they stood there, the same byte followed.
double foretold(const std::string& text, std::size_t width) {
  std::map<std::string_view, char> followed;
  std::size_t right = 0;
  for (std::size_t at = width; at < text.size(); ++at) {
    const std::string_view before = std::string_view(text).substr(at - width, width);
    const auto found = followed.find(before);
    right += found != followed.end() && found->second == text[at] ? 1 : 0;
    followed[before] = text[at];
  }
  return static_cast<double>(right) / static_cast<double>(text.size());
}

TEST(Copying, MostOfADocumentIsForetoldByWhatFollowedTheLastTime) {
  constexpr std::int64_t kDocuments = 300;
  double sum = 0;
  int mostly = 0;
  for (std::int64_t i = 0; i < kDocuments; ++i) {
    const double share = foretold(generate("copying", 1, i), 8);
    sum += share;
    mostly += share > 0.4 ? 1 : 0;
  }
  EXPECT_GT(sum / kDocuments, 0.6);
  EXPECT_GT(mostly, kDocuments * 9 / 10);
}

TEST(Copying, SizesRangeFromAFewWordsToHundreds) {
  std::size_t least = SIZE_MAX, most = 0;
  for (std::int64_t i = 0; i < 300; ++i) {
    const std::size_t bytes = generate("copying", 1, i).size();
    least = std::min(least, bytes);
    most = std::max(most, bytes);
  }
  EXPECT_LT(least, 100U);
  EXPECT_GT(most, 3000U);
  EXPECT_LT(most, 40'000U);
}

TEST(Copying, SizesThatAreGivenAreKept) {
  for (std::int64_t i = 0; i < 100; ++i) {
    EXPECT_LT(generate("copying", 1, i, {.least = 2, .most = 3}).size(), 1500U);
  }
}

TEST(Copying, TheSameSeedAndIndexGiveTheSameDocument) {
  EXPECT_EQ(generate("copying", 5, 17), generate("copying", 5, 17));
  EXPECT_NE(generate("copying", 5, 17), generate("copying", 6, 17));
  EXPECT_NE(generate("copying", 5, 17), generate("copying", 5, 18));
}

}  // namespace
}  // namespace rq::data
