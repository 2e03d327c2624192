#pragma once
// Lists of facts that are said again and again: recall at its densest.
//
//   heron=copper boat=ginger heron=copper tree=amber boat=ginger heron=copper ...

#include <string>

#include "base/rng.h"
#include "data/generators/sizes.h"

namespace rq::data {

constexpr Sizes kRecallSizes = {.least = 2, .most = 24};

// A number of facts drawn from `sizes`, said 500 to 800 times in all in random order, so that
// nearly every value can be looked up. Every fourth document has a statement a line
// (data/recall.h), the others bare facts.
std::string recall_lists(Rng& rng, Sizes sizes);

}  // namespace rq::data
