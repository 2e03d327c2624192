#include "model/rope_frequencies.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace rq::model {
namespace {

// YaRN's growth of attention with the factor (arXiv 2309.00071, §3.4), as DeepSeek parameterises
// it.
double yarn_growth(double factor, double mscale) {
  return factor <= 1 ? 1.0 : 0.1 * mscale * std::log(factor) + 1.0;
}

double yarn(const RopeConfig& rope, int64_t width, int64_t pair, double frequency) {
  const CorrectionRange range = yarn_correction_range(rope, width);
  const double span = std::max(range.high - range.low, 1e-3);
  const double interpolated = std::clamp((static_cast<double>(pair) - range.low) / span, 0.0, 1.0);
  return frequency / rope.factor * interpolated + frequency * (1 - interpolated);
}

// Llama 3.1's rule: long wavelengths are stretched by the factor, short ones kept, those between
// blended.
double llama3(const RopeConfig& rope, double frequency) {
  const auto context = static_cast<double>(rope.original_context);
  const double turns = context * frequency / (2 * std::numbers::pi);  // over the original context
  const double kept = std::clamp((turns - rope.low_frequency_factor) /
                                     (rope.high_frequency_factor - rope.low_frequency_factor),
                                 0.0,
                                 1.0);
  return frequency / rope.factor * (1 - kept) + frequency * kept;
}

}  // namespace

CorrectionRange yarn_correction_range(const RopeConfig& rope, int64_t width) {
  const auto pair_with_turns = [&](double turns) {
    const double wavelengths =
        static_cast<double>(rope.original_context) / (turns * 2 * std::numbers::pi);
    return static_cast<double>(width) * std::log(wavelengths) / (2 * std::log(rope.theta));
  };
  return {std::max(std::floor(pair_with_turns(rope.beta_fast)), 0.0),
          std::min(std::ceil(pair_with_turns(rope.beta_slow)), static_cast<double>(width - 1))};
}

std::vector<double> rope_frequencies(const RopeConfig& rope, int64_t width) {
  std::vector<double> frequencies(width / 2);
  for (int64_t pair = 0; pair < width / 2; ++pair) {
    const double plain =
        std::pow(rope.theta, -2.0 * static_cast<double>(pair) / static_cast<double>(width));
    switch (rope.scaling) {
      case RopeScaling::kNone:
        frequencies[pair] = plain;
        break;
      case RopeScaling::kYarn:
        frequencies[pair] = yarn(rope, width, pair, plain);
        break;
      case RopeScaling::kLlama3:
        frequencies[pair] = llama3(rope, plain);
        break;
      case RopeScaling::kLinear:
        frequencies[pair] = plain / rope.factor;
        break;
    }
  }
  return frequencies;
}

double rope_magnitude(const RopeConfig& rope) {
  if (rope.scaling != RopeScaling::kYarn) {
    return 1.0;
  }
  return yarn_growth(rope.factor, rope.mscale) / yarn_growth(rope.factor, rope.mscale_all_dim);
}

double softmax_scale(const AttentionConfig& attention) {
  const double plain = 1 / std::sqrt(static_cast<double>(attention.key_width()));
  if (attention.kind != AttentionKind::kMla || attention.rope.scaling == RopeScaling::kNone) {
    return plain;
  }
  const double growth = yarn_growth(attention.rope.factor, attention.rope.mscale_all_dim);
  return plain * growth * growth;
}

}  // namespace rq::model
