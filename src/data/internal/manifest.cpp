#include "data/internal/manifest.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/check.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"

namespace rq::data {

namespace fs = std::filesystem;

Json read_manifest(const fs::path& folder) {
  const fs::path path = folder / "manifest.json";
  check(fs::exists(path),
        "{} is missing: the folder is incomplete, or holds something else",
        path.string());
  return read_json(path);
}

bool is_complete(const fs::path& folder, const Json& identity) {
  if (!fs::exists(folder / "manifest.json")) {
    return false;
  }
  const Json manifest = read_json(folder / "manifest.json");
  return std::ranges::all_of(identity.items(), [&](const auto& item) {
    return manifest.contains(item.key()) && manifest[item.key()] == item.value();
  });
}

void begin_folder(const fs::path& folder) {
  make_folder(folder);
  std::error_code
      ignored;  // what cannot be removed cannot be replaced either, and that error is clear
  fs::remove(folder / "manifest.json", ignored);
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file(ignored) && (name.starts_with('.') || name.starts_with("shard-"))) {
      fs::remove(entry.path(), ignored);
    }
  }
}

void check_bytes(const MappedFile& file,
                 std::uint64_t bytes,
                 const std::string& checksum,
                 const fs::path& path) {
  check(file.bytes().size() == bytes,
        "{} has {} bytes, its manifest says {}: it was altered or cut off",
        path.string(),
        file.bytes().size(),
        bytes);
  const std::string found = hex64(xxh3(file.bytes()));
  check(found == checksum,
        "{} has the checksum {}, its manifest says {}: it was altered",
        path.string(),
        found,
        checksum);
}

}  // namespace rq::data
