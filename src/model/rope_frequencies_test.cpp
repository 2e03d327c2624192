#include "model/rope_frequencies.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace rq::model {
namespace {

// V3's context extension: factor 40 over 4096.
RopeConfig v3_yarn() {
  RopeConfig rope;
  rope.scaling = RopeScaling::kYarn;
  rope.factor = 40;
  return rope;
}

TEST(RopeFrequencies, ArePowersOfTheBase) {
  const auto plain = rope_frequencies({}, 64);
  ASSERT_EQ(plain.size(), 32U);
  EXPECT_DOUBLE_EQ(plain[0], 1.0);
  EXPECT_NEAR(plain[8], 0.1, 1e-12);
  EXPECT_NEAR(plain[16], 0.01, 1e-12);
}

TEST(Yarn, OfV3BlendsPairs10To23Of32) {
  const CorrectionRange range = yarn_correction_range(v3_yarn(), 64);
  EXPECT_EQ(range.low, 10);
  EXPECT_EQ(range.high, 23);
}

TEST(Yarn, KeepsPairsUpToLowAndInterpolatesThoseFromHigh) {
  const auto plain = rope_frequencies({}, 64), stretched = rope_frequencies(v3_yarn(), 64);
  for (int pair = 0; pair < 32; ++pair) {
    const double ratio = stretched[pair] / plain[pair];
    if (pair <= 10) {
      EXPECT_DOUBLE_EQ(ratio, 1.0) << pair;
    } else if (pair >= 23) {
      EXPECT_NEAR(ratio, 1.0 / 40, 1e-12) << pair;
    } else {
      const double interpolated = (pair - 10) / 13.0;
      EXPECT_NEAR(ratio, interpolated / 40 + 1 - interpolated, 1e-12) << pair;
    }
  }
}

TEST(Yarn, OfV3GrowsTheLogitsAndLeavesCosAndSin) {
  AttentionConfig attention;
  const double plain = softmax_scale(attention);
  EXPECT_NEAR(plain, 1 / std::sqrt(192.0), 1e-12);
  attention.rope = v3_yarn();
  EXPECT_NEAR(softmax_scale(attention) / plain, 1.87385, 5e-6);
  EXPECT_NEAR(std::sqrt(softmax_scale(attention) / plain), 1.36889, 5e-6);
  EXPECT_DOUBLE_EQ(rope_magnitude(attention.rope), 1.0);
}

TEST(Yarn, OfV2GrowsThemBy0707) {
  AttentionConfig attention;
  attention.rope = v3_yarn();
  attention.rope.mscale = attention.rope.mscale_all_dim = 0.707;
  const double growth = 0.0707 * std::log(40.0) + 1;
  EXPECT_NEAR(softmax_scale(attention) * std::sqrt(192.0), growth * growth, 1e-12);
}

TEST(Yarn, WithoutMscaleAllDimScalesCosAndSinInstead) {
  AttentionConfig attention;
  attention.rope = v3_yarn();
  attention.rope.mscale_all_dim = 0;
  EXPECT_NEAR(rope_magnitude(attention.rope), 1.36889, 5e-6);
  EXPECT_NEAR(softmax_scale(attention), 1 / std::sqrt(192.0), 1e-12);
}

TEST(Yarn, WithFactorOneChangesNothing) {
  RopeConfig rope = v3_yarn();
  rope.factor = 1;
  const auto plain = rope_frequencies({}, 64), stretched = rope_frequencies(rope, 64);
  for (int pair = 0; pair < 32; ++pair) {
    EXPECT_NEAR(stretched[pair] / plain[pair], 1.0, 1e-12) << pair;
  }
  EXPECT_DOUBLE_EQ(rope_magnitude(rope), 1.0);
}

TEST(Llama3, StretchesLongWavelengthsKeepsShortOnesAndBlendsBetween) {
  RopeConfig rope{.theta = 500000,
                  .interleaved = false,
                  .scaling = RopeScaling::kLlama3,
                  .factor = 8,
                  .original_context = 8192};  // Llama 3.1's
  const RopeConfig unscaled{.theta = 500000};
  const auto plain = rope_frequencies(unscaled, 128), stretched = rope_frequencies(rope, 128);
  int kept = 0, stretched_in_full = 0;
  for (int pair = 0; pair < 64; ++pair) {
    const double wavelength = 2 * std::numbers::pi / plain[pair];
    const double ratio = stretched[pair] / plain[pair];
    if (wavelength < 8192.0 / 4) {
      EXPECT_NEAR(ratio, 1.0, 1e-12) << pair;
      ++kept;
    } else if (wavelength > 8192.0) {
      EXPECT_NEAR(ratio, 1.0 / 8, 1e-12) << pair;
      ++stretched_in_full;
    } else {
      const double smooth = (8192 / wavelength - 1) / (4 - 1);
      EXPECT_NEAR(ratio, (1 - smooth) / 8 + smooth, 1e-12) << pair;
    }
  }
  EXPECT_EQ(kept, 29);
  EXPECT_EQ(stretched_in_full, 29);
}

TEST(Linear, DividesEveryFrequency) {
  const RopeConfig rope{.scaling = RopeScaling::kLinear, .factor = 4};
  EXPECT_NEAR(rope_frequencies(rope, 64)[16], 0.0025, 1e-12);
}

}  // namespace
}  // namespace rq::model
