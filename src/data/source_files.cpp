#include "data/source_files.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/format.h"
#include "base/hash.h"
#include "data/internal/glob.h"

namespace rq::data {

namespace fs = std::filesystem;

std::optional<std::string> digest_of_files(const SourceConfig& config,
                                           const fs::path& recipe_folder) {
  constexpr std::uintmax_t kMostRead = 64 << 20;
  std::vector<fs::path> files;
  for (const auto& glob : config.glob) {
    const auto found = find_files(glob, recipe_folder);
    if (found.empty()) {
      return std::nullopt;
    }
    files.insert(files.end(), found.begin(), found.end());
  }
  std::uintmax_t bytes = 0;
  for (const auto& file : files) {
    bytes += fs::file_size(file);
  }
  std::string text;
  for (const auto& file : files) {
    const std::string state =
        bytes <= kMostRead ? hex64(xxh3(MappedFile(file).bytes()))
                           : fmt::format("{} {}",
                                         fs::file_size(file),
                                         fs::last_write_time(file).time_since_epoch().count());
    text += fmt::format("{} {}\n", file.lexically_relative(recipe_folder).string(), state);
  }
  return files.empty() ? "" : sha256(text);
}

}  // namespace rq::data
