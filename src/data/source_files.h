#pragma once
// Whether the files of a source are still what they were.

#include <filesystem>
#include <optional>
#include <string>

#include "data/config.h"

namespace rq::data {

// A digest of the files that a source's globs match: their paths as seen from the recipe's folder
// and, up to 64 MiB in all, their bytes; beyond that their sizes and times. Empty for packages and
// generators, which their settings say all about. Nothing where a glob matches no file: the source
// is not there now.
std::optional<std::string> digest_of_files(const SourceConfig& config,
                                           const std::filesystem::path& recipe_folder);

}  // namespace rq::data
