#pragma once
// What a run was made with: machine, program, libraries and the command, for whoever wants to make
// it again.

#include <map>
#include <string>
#include <vector>

#include "base/json.h"

namespace rq::pipeline {

// {"command": [words], "started": UTC, "program": checksum of its file, "compiler", libraries by
// name, "system", "processor", "cores", "memory_bytes"}.
Json describe_environment(const std::vector<std::string>& command,
                          const std::map<std::string, std::string>& versions);

// "2026-01-31T12:00:00Z".
std::string utc_time();

}  // namespace rq::pipeline
