#include "kernels/cpu/draw.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rq::kernels::cpu {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

TEST(Draw, FollowsTheSoftmaxOfManyIndices) {
  std::vector<float> logits(100), scratch(100);
  double total = 0;
  for (std::size_t v = 0; v < logits.size(); ++v) {
    logits[v] = 0.05F * static_cast<float>(v % 37);
    total += std::exp(2.0 * static_cast<double>(logits[v]));
  }
  constexpr int kDraws = 200'000;
  std::vector<double> drawn(100);
  for (std::uint64_t key = 0; key < kDraws; ++key) {
    drawn[static_cast<std::size_t>(draw(logits.data(), 100, 2, mix64(key), scratch.data()))] += 1;
  }
  double chi_square = 0;
  for (std::size_t v = 0; v < logits.size(); ++v) {
    const double expected = kDraws * std::exp(2.0 * static_cast<double>(logits[v])) / total;
    chi_square += (drawn[v] - expected) * (drawn[v] - expected) / expected;
  }
  EXPECT_LT(chi_square, 149);  // 99 degrees of freedom: one in a thousand lies beyond
  EXPECT_GT(chi_square, 60);
}

TEST(Draw, AnAlmostCertainIndexIsMissedAsOftenAsItShouldBe) {
  const std::vector<float> logits = {0, std::log(1e-3F)};
  std::vector<float> scratch(2);
  int missed = 0;
  for (std::uint64_t key = 0; key < 1'000'000; ++key) {
    missed += draw(logits.data(), 2, 1, mix64(key), scratch.data()) == 1 ? 1 : 0;
  }
  EXPECT_NEAR(missed, 999, 130);
}

TEST(Draw, AmongSomeItIsTheSameDrawWithoutTheOthers) {
  std::vector<float> logits = {0.3F, 0, 1, 0.5F, 0.2F}, without = logits, scratch(5);
  without[1] = without[2] = kNever;
  const std::vector<std::int32_t> kept = {4, 0, 3};
  for (std::uint64_t key = 0; key < 1000; ++key) {
    EXPECT_EQ(draw_among(logits.data(), kept.data(), 3, 1, key),
              draw(without.data(), 5, 1, key, scratch.data()));
  }
}

TEST(Draw, TheLargestIsTheFirstOfEquals) {
  std::vector<float> logits(50, 1);
  logits[17] = logits[40] = 2;
  EXPECT_EQ(largest(logits.data(), 50), 17);
  logits.assign(3, kNever);
  EXPECT_EQ(largest(logits.data(), 3), 0);
  logits.assign(3, NAN);
  EXPECT_EQ(largest(logits.data(), 3), 0) << "some index, where nothing can be compared";
}

TEST(Draw, LogSumExpIsThatOfDoubles) {
  Rng rng(1, "logits");
  for (const std::size_t count : {1, 15, 16, 1000}) {
    std::vector<float> logits(count);
    double sum = 0;
    for (float& logit : logits) {
      logit = static_cast<float>(5 * rng.normal());
      sum += std::exp(static_cast<double>(logit));
    }
    EXPECT_NEAR(log_sum_exp(logits.data(), static_cast<std::int64_t>(count)), std::log(sum), 2e-6);
  }
}

TEST(Draw, LogSumExpKeepsALongTailBesideAPeak) {
  std::vector<float> logits(60'000, -17.0F);  // each too small to change a float of 1
  logits[0] = 0;
  const double exact = std::log1p((static_cast<double>(logits.size()) - 1) * std::exp(-17.0));
  EXPECT_NEAR(log_sum_exp(logits.data(), std::ssize(logits)), exact, 1e-6);
}

}  // namespace
}  // namespace rq::kernels::cpu
