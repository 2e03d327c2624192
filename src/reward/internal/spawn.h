#pragma once
// Starts another program with exactly what it is given.

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

namespace rq::reward {

// Starts `command`, whose first word is a path, with descriptors[i] as its descriptor i and no
// others, an empty environment, no terminal (setsid), no signal blocked or ignored, in the folder
// "/". The caller waits for it. An Error names the program that cannot be started.
pid_t spawn(const std::vector<std::string>& command, std::span<const int> descriptors);

}  // namespace rq::reward
