#pragma once
// Mathematics as a schoolbook works it: exercises of one topic or of several, each with its steps
// and its answer.

#include <string>

#include "base/rng.h"

namespace rq::data {

// One document of about 300 bytes to 2 KB; exercises are separated by empty lines.
std::string worked_mathematics(Rng& rng);

}  // namespace rq::data
