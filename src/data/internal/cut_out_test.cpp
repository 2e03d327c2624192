#include "data/internal/cut_out.h"

#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rq::data {
namespace {

// Different texts of 32 to 90 bytes.
std::vector<std::string> pieces(int count) {
  Rng rng(1, "test");
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) {
    auto& text = texts.emplace_back(static_cast<std::size_t>(rng.between(32, 90)), ' ');
    for (char& c : text) {
      c = static_cast<char>('a' + rng.below(26));
    }
  }
  return texts;
}

TEST(CutOut, ThePiecesAreGoneAndTheRestIsAsItWas) {
  const auto all = pieces(400);
  std::vector<std::string> unwanted;
  std::string whole, expected;
  for (std::size_t i = 0; i < all.size(); ++i) {
    whole += all[i];
    if (i % 7 == 3) {
      unwanted.push_back(all[i]);
    } else {
      expected += all[i];
    }
  }
  const auto result = CutOut(unwanted)(whole);
  EXPECT_EQ(result.rest, expected);
  EXPECT_EQ(result.found, static_cast<std::int64_t>(unwanted.size()));
}

TEST(CutOut, NeighboursTheBeginningAndTheEndAreFound) {
  const auto all = pieces(4);
  EXPECT_EQ(CutOut({all[0], all[3]})(all[0] + all[1] + all[2] + all[3]).rest, all[1] + all[2]);
  EXPECT_EQ(CutOut({all[0], all[1]})(all[0] + all[1]).rest, "");
}

TEST(CutOut, OfTwoThatBeginAlikeTheLongerIsTaken) {
  const auto all = pieces(2);
  EXPECT_EQ(CutOut({all[0], all[0] + all[1]})(all[0] + all[1] + ".").rest, ".");
}

TEST(CutOut, ShortTextsAreNotLookedForAndShortOnesHoldNothing) {
  EXPECT_EQ(CutOut({"the", ""})("the end").rest, "the end");
  EXPECT_EQ(CutOut({std::string(40, 'x')})("").rest, "");
  EXPECT_EQ(CutOut({std::string(40, 'x')})(std::string(39, 'x')).rest, std::string(39, 'x'));
  EXPECT_EQ(CutOut({})("anything").rest, "anything");
}

}  // namespace
}  // namespace rq::data
