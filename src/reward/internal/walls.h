#pragma once
// The command line that puts a program into its sandbox.

#include <string>
#include <vector>

#include "reward/internal/supervise.h"
#include "reward/sandbox.h"

namespace rq::reward {

// Descriptors that the command is to be started with.
inline constexpr int kFilterDescriptor = kFirstGiven;       // the filter of system calls
inline constexpr int kProgramDescriptor = kFirstGiven + 1;  // what is to be the file /program

// `command` behind walls and within `limits`, those aside that supervise() holds to.
std::vector<std::string> behind_walls(const std::vector<std::string>& command,
                                      const Limits& limits);

}  // namespace rq::reward
