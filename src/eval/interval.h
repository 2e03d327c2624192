#pragma once
// How far a share that was counted may be from the true one.

#include <cstdint>

namespace rq::eval {

struct Interval {
  double low, high;
};

// Wilson's 95 % score interval (Wilson 1927) of hits out of trials; unlike the textbook's, it is
// right near 0 and 1 too, and no point where all trials are hits. REQUIRES 0 <= hits <= trials.
// Without trials, from 0 to 1.
Interval wilson_interval(std::int64_t hits, std::int64_t trials);

// Hits in percent; 100 is said of all hits alone, and 0 of none. REQUIRES trials > 0.
std::int64_t percent(std::int64_t hits, std::int64_t trials);

}  // namespace rq::eval
