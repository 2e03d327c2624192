#pragma once
// Elementary functions as straight-line code, so that loops over them become vector instructions.
// Private to kernels/cpu.

#include <bit>
#include <cstdint>

namespace rq::kernels::cpu {

// e^x within 2 units in the last place. REQUIRES x in [-87, 88], or NaN. Range reduction by ln 2 in
// two parts, then the degree-6 Taylor-like minimax polynomial on [-ln2/2, ln2/2].
inline float exp_within(float x) {
  constexpr float kLog2e = 1.44269504088896341F;
  constexpr float kLn2High = 0.693359375F;
  constexpr float kLn2Low = -2.12194440e-4F;
  constexpr float kRound =
      12582912.0F;  // 1.5 * 2^23: adding and taking it away rounds to the nearest integer
  const float n = (x * kLog2e + kRound) - kRound;
  const float r = (x - n * kLn2High) - n * kLn2Low;
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * r * r + r + 1.0F;
  const auto exponent = static_cast<std::int32_t>(n) + 127;
  return p * std::bit_cast<float>(exponent << 23);
}

// The same for any x; below -87 it is that of -87, above 88 that of 88: about 1e-38 and 1e38.
inline float fast_exp(float x) {
  x = x < -87.0F ? -87.0F : x;
  return exp_within(x > 88.0F ? 88.0F : x);
}

// Beyond 80 it is that of 80, either way; below, 2e-35. Not by fast_exp: compilers work out the
// sigmoid of a bound beforehand and multiply every lane by it, and 1 / (1 + e^88) is subnormal,
// which costs most processors some 150 cycles.
inline float fast_sigmoid(float x) {
  x = x < -80.0F ? -80.0F : x;
  return 1.0F / (1.0F + exp_within(x > 80.0F ? -80.0F : -x));
}

// The natural logarithm within 2 units in the last place, or 2e-7 near 1. REQUIRES x to be a normal
// positive number. x = m * 2^e with m in [sqrt(1/2), sqrt(2)), and Cephes' polynomial for log(m).
inline float log_of_positive(float x) {
  constexpr std::int32_t kSqrtHalf = 0x3f3504f3;
  const std::int32_t bits = std::bit_cast<std::int32_t>(x) - kSqrtHalf;
  const auto e = static_cast<float>(bits >> 23);
  const float m = std::bit_cast<float>((bits & 0x7fffff) + kSqrtHalf) - 1.0F;
  float p = 7.0376836292e-2F;
  p = p * m - 1.1514610310e-1F;
  p = p * m + 1.1676998740e-1F;
  p = p * m - 1.2420140846e-1F;
  p = p * m + 1.4249322787e-1F;
  p = p * m - 1.6668057665e-1F;
  p = p * m + 2.0000714765e-1F;
  p = p * m - 2.4999993993e-1F;
  p = p * m + 3.3333331174e-1F;
  const float square = m * m;
  const float correction = p * m * square - 2.12194440e-4F * e - 0.5F * square;
  return m + correction + 0.693359375F * e;
}

}  // namespace rq::kernels::cpu
