#include "generate/score.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "generate/testing/small_model.h"

namespace rq::generate {
namespace {

using Tokens = std::vector<std::int32_t>;

using testing::small_model;

TEST(Score, ProbabilitiesOfAllNextTokensSumToOne) {
  double total = 0;
  for (std::int32_t next = 0; next < 50; ++next) {
    total +=
        std::exp(static_cast<double>(log_probabilities(small_model(), Tokens{7, 3, next}).back()));
  }
  EXPECT_NEAR(total, 1.0, 1e-4);
}

TEST(Score, OneTokenHasNothingBeforeIt) {
  EXPECT_TRUE(log_probabilities(small_model(), Tokens{7}).empty());
}

TEST(Score, TokensPastTheContextOrTheVocabularyAreRefused) {
  EXPECT_THROW(log_probabilities(small_model(), Tokens(41, 1)), Error);
  EXPECT_THROW(log_probabilities(small_model(), Tokens{1, 50}), Error);
  EXPECT_THROW(log_probabilities(small_model(), Tokens{-1, 1}), Error);
}

TEST(Score, WindowsGiveEveryTokenTheProbabilityItHasInTheFirstWindowThatHoldsIt) {
  Tokens text;
  for (std::int32_t i = 0; i < 75; ++i) {
    text.push_back(i * i % 50);
  }
  const std::vector<float> whole = log_probabilities_in_windows(small_model(), text);
  ASSERT_EQ(whole.size(), 74);
  // The context is 40: token 39 is the last of the first window, token 70 stands in the window that
  // starts at 40.
  const auto alone = [&](std::size_t start, std::size_t token) {
    return log_probabilities(small_model(), std::span(text).subspan(start, token - start + 1))
        .back();
  };
  EXPECT_NEAR(whole[39 - 1], alone(0, 39), 1e-4);
  EXPECT_NEAR(whole[40 - 1], alone(20, 40), 1e-4);
  EXPECT_NEAR(whole[70 - 1], alone(40, 70), 1e-4);
  const Tokens brief(text.begin(), text.begin() + 40);
  EXPECT_EQ(log_probabilities_in_windows(small_model(), brief),
            log_probabilities(small_model(), brief));
}

}  // namespace
}  // namespace rq::generate
