#include "data/internal/natural_order.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rq::data {
namespace {

std::vector<std::string> sorted_paths() {
  return {"",
          "a",
          "a/2",
          "a/10",
          "a-1",
          "a-b",
          "a2/x",
          "a10/x",
          "ab",
          "book/0",
          "book/00",
          "book/1",
          "book/01x",
          "book/2",
          "chapter9.txt",
          "chapter10.txt",
          "z"};
}

TEST(NaturalOrder, NumbersCountAsNumbersAndFoldersStayTogether) {
  const auto sorted = sorted_paths();
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t k = 0; k < sorted.size(); ++k) {
      EXPECT_EQ(natural_less(sorted[i], sorted[k]), i < k) << sorted[i] << " " << sorted[k];
    }
  }
}

TEST(NaturalOrder, TheOrderDoesNotDependOnWhereOneBegins) {
  Rng rng(1, "test");
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<std::string> shuffled = sorted_paths();
    rng.shuffle(shuffled);
    std::ranges::sort(shuffled, natural_less);
    EXPECT_EQ(shuffled, sorted_paths());
  }
}

}  // namespace
}  // namespace rq::data
