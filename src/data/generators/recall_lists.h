#pragma once
// Lists of facts that are asked again, without anything in between: recall at its easiest.

#include <string>

#include "base/rng.h"
#include "data/generators/sizes.h"

namespace rq::data {

constexpr Sizes kRecallSizes = {.least = 2, .most = 48};

// A number of facts drawn from `sizes` (data/recall.h has the wording) in random order, then most
// of them asked and answered in another; every fourth document asks while the list is still going
// on.
std::string recall_lists(Rng& rng, Sizes sizes);

}  // namespace rq::data
