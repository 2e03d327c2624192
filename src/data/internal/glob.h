#pragma once
// Which files a pattern means.

#include <filesystem>
#include <string_view>
#include <vector>

namespace rq::data {

// Plain files that match, sorted by path, each once. "*", "?" and "[a-z]" stay within one folder;
// "**" as a whole component is any number of folders; names with a leading dot match only a pattern
// with one. A relative pattern is relative to `folder`.
std::vector<std::filesystem::path> find_files(std::string_view pattern,
                                              const std::filesystem::path& folder);

}  // namespace rq::data
