#pragma once
// Rotary frequencies and the scales that go with them, from a config alone: plain, YaRN, Llama 3's
// and linear interpolation.

#include <cstdint>
#include <vector>

#include "model/config.h"

namespace rq::model {

// Angle per position of each of the width / 2 pairs.
std::vector<double> rope_frequencies(const RopeConfig& rope, int64_t width);

// YaRN's correction range (arXiv 2309.00071, eqs. 17 to 23, as DeepSeek's code rounds it): pairs up
// to `low` keep their frequency, pairs from `high` on are interpolated in full, and those between
// are blended. For V3: 10 and 23 of 32.
struct CorrectionRange {
  double low;
  double high;
};
CorrectionRange yarn_correction_range(const RopeConfig& rope, int64_t width);

// What cos and sin are multiplied by: 1 where mscale == mscale_all_dim, as in V3.
double rope_magnitude(const RopeConfig& rope);

// What q . k is multiplied by before the softmax: key_width^-1/2, times the square of YaRN's (0.1 *
// mscale_all_dim * ln s + 1).
double softmax_scale(const AttentionConfig& attention);

}  // namespace rq::model
