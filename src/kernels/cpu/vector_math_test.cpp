#include "kernels/cpu/vector_math.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace rq::kernels::cpu {
namespace {

constexpr double kUnit = 0x1p-23;  // in the last place, of a float near 1

TEST(VectorMath, ThePowerOfEIsThatOfDoubles) {
  double worst = 0;
  for (double x = -87; x < 88; x += 0.0037) {
    const double exact = std::exp(double{static_cast<float>(x)});
    worst = std::max(worst, std::abs(double{fast_exp(static_cast<float>(x))} / exact - 1));
  }
  EXPECT_LT(worst, 2 * kUnit);
  EXPECT_TRUE(std::isnan(fast_exp(std::nanf(""))));
}

TEST(VectorMath, TheSigmoidIsThatOfDoubles) {
  double worst = 0;
  for (double x = -80; x < 100; x += 0.0037) {
    const double exact = 1 / (1 + std::exp(-double{static_cast<float>(x)}));
    worst = std::max(worst, std::abs(double{fast_sigmoid(static_cast<float>(x))} / exact - 1));
  }
  EXPECT_LT(worst, 3 * kUnit);
  EXPECT_EQ(fast_sigmoid(1e30F), 1.0F);
  EXPECT_GT(fast_sigmoid(-1e30F), 0.0F);
  EXPECT_LT(fast_sigmoid(-1e30F), 1e-34F);
  EXPECT_TRUE(std::isnan(fast_sigmoid(std::nanf(""))));
}

TEST(VectorMath, TheLogarithmIsThatOfDoubles) {
  double worst = 0;
  for (double x = 1e-37; x < 1e37; x *= 1.0013) {
    const auto number = static_cast<float>(x);
    const double exact = std::log(double{number});
    worst = std::max(
        worst, std::abs(double{log_of_positive(number)} - exact) / std::max(1.0, std::abs(exact)));
  }
  EXPECT_LT(worst, 2 * kUnit);
  EXPECT_EQ(log_of_positive(1), 0);
}

}  // namespace
}  // namespace rq::kernels::cpu
