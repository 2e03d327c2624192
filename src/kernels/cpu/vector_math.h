#pragma once
// Elementary functions as straight-line code, so that loops over them become vector instructions.
// Private to kernels/cpu.

#include <bit>
#include <cstdint>

namespace rq::kernels::cpu {

// e^x for float, within 2 units in the last place on [-87, 88]; below, it goes to 0 and above to
// about 1e38. Range reduction by ln 2 in two parts, then the degree-6 Taylor-like minimax
// polynomial on [-ln2/2, ln2/2].
inline float fast_exp(float x) {
  x = x < -87.0F ? -87.0F : x;
  x = x > 88.0F ? 88.0F : x;
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

// 1 / y for y in [1, 1e37], within 2 units in the last place, without a division: those of whole
// vectors take many times as long. A guess from the exponent, then three of Newton's steps.
inline float fast_reciprocal(float y) {
  float q = std::bit_cast<float>(0x7EF311C7 - std::bit_cast<std::int32_t>(y));
  q = q * (2.0F - y * q);
  q = q * (2.0F - y * q);
  q = q * (2.0F - y * q);
  return q;
}

// Below -80 that of -80, which is 2e-35.
inline float fast_sigmoid(float x) {
  return fast_reciprocal(1.0F + fast_exp(x < -80.0F ? 80.0F : -x));
}

}  // namespace rq::kernels::cpu
