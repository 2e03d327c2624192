#pragma once
// A rival's side of a benchmark: a Python script beside it, run in .venv-peers, that prints one
// line of JSON.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace rq::bench {

// The checkout that this program was built in.
std::filesystem::path find_root();

// Runs bench/`script` with `arguments`, as the shell reads them, and reads its line. Throws where
// it fails.
Json ask_peer(std::string_view script, std::string_view arguments);

// Runs a command of the shell, which prints one line of JSON. Throws where it fails.
Json ask_program(const std::string& command);

// Of an odd number of values the middle one, of an even number the higher of the two.
double median(std::vector<double> values);

}  // namespace rq::bench
