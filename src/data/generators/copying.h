#pragma once
// Documents that repeat themselves: what teaches a model to look up what followed the last time
// (induction).

#include <string>

#include "base/rng.h"
#include "data/generators/sizes.h"

namespace rq::data {

constexpr Sizes kCopyingSizes = {.least = 4, .most = 200};

// Passages of words, digits or letters that nothing predicts, each given two to twelve times with
// something short in between; sometimes all of them once more at the end. A passage has a number of
// words drawn from `sizes`; how many different ones it draws on varies from two to all.
std::string copying(Rng& rng, Sizes sizes);

}  // namespace rq::data
