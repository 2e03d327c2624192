#include "kernels/cpu/vector_math.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace rq::kernels::cpu {
namespace {

constexpr double kUnit = 0x1p-23;  // in the last place, of a float near 1

TEST(VectorMath, TheReciprocalIsWithinTwoUnitsInTheLastPlace) {
  double worst = 0;
  for (float y = 1; y < 1e37F; y *= 1.001F) {
    worst = std::max(worst, std::abs(double{fast_reciprocal(y)} * double{y} - 1));
  }
  EXPECT_LT(worst, 2 * kUnit);
}

TEST(VectorMath, TheSigmoidIsThatOfDoubles) {
  double worst = 0;
  for (double x = -80; x < 100; x += 0.0037) {
    const double exact = 1 / (1 + std::exp(-double{static_cast<float>(x)}));
    worst = std::max(worst, std::abs(double{fast_sigmoid(static_cast<float>(x))} / exact - 1));
  }
  EXPECT_LT(worst, 3 * kUnit);
  EXPECT_NEAR(fast_sigmoid(1e30F), 1, kUnit);
  EXPECT_GT(fast_sigmoid(-1e30F), 0.0F);
  EXPECT_LT(fast_sigmoid(-1e30F), 1e-34F);
}

}  // namespace
}  // namespace rq::kernels::cpu
