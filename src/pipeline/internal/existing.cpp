#include "pipeline/internal/existing.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/hash.h"

namespace rq::pipeline::internal {

namespace fs = std::filesystem;

std::string hash_of_existing(const fs::path& path) {
  constexpr std::uintmax_t kSmall = 16 << 20;
  std::vector<fs::path> files;
  if (fs::is_directory(path)) {
    for (const auto& entry : fs::directory_iterator(path)) {
      if (entry.is_regular_file() && !entry.path().filename().string().starts_with(".")) {
        files.push_back(entry.path());
      }
    }
  } else {
    files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  std::string text;
  for (const auto& file : files) {
    const auto size = fs::file_size(file);
    text += fmt::format("{} {} {}\n",
                        file.filename().string(),
                        size,
                        size <= kSmall
                            ? sha256_of_file(file)
                            : std::to_string(fs::last_write_time(file).time_since_epoch().count()));
  }
  return sha256(text);
}

}  // namespace rq::pipeline::internal
