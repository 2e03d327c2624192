#pragma once
// Runs another program to its end.

#include <filesystem>
#include <string>
#include <vector>

namespace rq {

// Runs `command` (found on PATH, no shell) in `folder`, its output going to the file `log`. Throws
// an Error with the command and the last lines of its output where it fails, or where the program
// is not installed.
void run_command(const std::vector<std::string>& command,
                 const std::filesystem::path& folder,
                 const std::filesystem::path& log);

}  // namespace rq
