#pragma once
// Starts bubblewrap, gathers what the program in it says, and ends it where it goes too far. When
// supervise() returns, every process of the sandbox is gone, and so is every descriptor.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reward/internal/descriptor.h"
#include "reward/sandbox.h"

namespace rq::reward {

// The descriptors that bubblewrap is started with, beside 0, 1 and 2.
inline constexpr int kStatusDescriptor = 3;  // its --json-status-fd
inline constexpr int kFirstGiven = 4;        // Launch::given, in order

struct Launch {
  std::vector<std::string> command;  // its first word is a path
  Descriptor input;
  std::vector<Descriptor> given;
};

struct Ending {
  std::optional<int> exit_code;     // none where the sandbox did not come to run the program
  std::optional<Outcome> too_much;  // kTime, kMemory or kOutput, where that was why it was ended
  std::string standard_output;
  std::string standard_error;
  double wall_s = 0;
  double cpu_s = 0;
  std::int64_t peak_bytes = 0;
};

// Of `limits`, holds to wall_s, memory_bytes and output_bytes; the others are the command's affair.
// Any thread; the processes die with the thread that calls.
Ending supervise(const Launch& launch, const Limits& limits);

}  // namespace rq::reward
