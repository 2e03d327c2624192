#pragma once
// What an existing model or tokenizer is known by in hashes.

#include <filesystem>
#include <string>

namespace rq::pipeline::internal {

// Of a file or of the plain files in a folder: names and sizes, the bytes of small ones, the times
// of large ones. A copy of a checkpoint may thus count as another; reading hundreds of gigabytes on
// each start would be worse.
std::string hash_of_existing(const std::filesystem::path& path);

}  // namespace rq::pipeline::internal
