#pragma once
// This machine as a plan sees it: its limit and its memory measured, and real work timed.

#include <optional>

#include "plan/device.h"
#include "plan/workload.h"

namespace rq {

// Float32 products, memory, and what the program holds before any work.
plan::Device measure_this_machine(double dollars_per_hour);

// The share of the limit that a training like this reaches: its own shapes and batch with random
// weights on random tokens, one step to warm up and one to three to time. Nothing where a step
// would take more than `most_s` seconds, or does not fit; `stand_in` is the share to expect before.
std::optional<double> timed_efficiency(const plan::Workload& work,
                                       const plan::Device& device,
                                       double stand_in,
                                       double most_s);

// The share of the limit that is reached where a model like this answers as the work has it answer:
// as many at once as are under way on average, a few tokens of each. Nothing likewise.
std::optional<double> timed_generation(const plan::Workload& work,
                                       const plan::Device& device,
                                       double stand_in,
                                       double most_s);

// Seconds for an answer that is a program to be judged, where all cores do; 0 where none can be.
double timed_judging_s();

}  // namespace rq
