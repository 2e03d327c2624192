#pragma once
// What was measured of a run's models and lies in its folder: maps of needles found in a haystack,
// loss by position, pass rates, tables of evaluations. Processes write some of them
// (work/NODE/needle/); the others are what `rorqual needle`, `score --by-position`, `solve` and
// `eval` write as .json into the run folder or its folder evaluation/.

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"

namespace rq::report {

// A list of {"kind": "needle" | "position" | "pass" | "table", "file", "title", ...}: of needles
// the cells as they are in the file, of positions the models, of pass rates the rates, of tables
// the columns and rows. What cannot be read is named in `missing`.
Json measurements_of(const std::filesystem::path& run, std::vector<std::string>& missing);

}  // namespace rq::report
