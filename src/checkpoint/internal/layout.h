#pragma once
// Private to checkpoint: the names of a checkpoint's files and folders.

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace rq::checkpoint::internal {

constexpr std::string_view kTensorsName = "tensors.safetensors";
constexpr std::string_view kStateName = "state.json";
constexpr std::string_view kManifestName = "manifest.json";
constexpr int kFormat = 1;  // raised when older programs could not read the folder

// Steps that have a folder, complete or not, in ascending order; none where there is no such
// folder.
std::vector<std::int64_t> steps_in(const std::filesystem::path& checkpoints_folder);

}  // namespace rq::checkpoint::internal
