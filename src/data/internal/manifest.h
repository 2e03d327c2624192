#pragma once
// manifest.json of a data or token folder, and the files that it vouches for.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"

namespace rq::data {

// Of a data folder; raised when the same input would give other bytes.
constexpr std::int64_t kDataFormat = 1;

// Throws where there is none: the folder is incomplete or is something else.
Json read_manifest(const std::filesystem::path& folder);

// Whether `folder` has a manifest that says all that `identity` does.
bool is_complete(const std::filesystem::path& folder, const Json& identity);

// Makes `folder`, or marks it as incomplete and removes what an earlier attempt left: its shards
// and unfinished files.
void begin_folder(const std::filesystem::path& folder);

// object[key] as T; an Error names the manifest in `folder` where it is absent or of another type.
template <typename T>
T manifest_value(const Json& object, const std::string& key, const std::filesystem::path& folder) {
  const std::string origin = (folder / "manifest.json").string();
  check(object.is_object() && object.contains(key), "{} lacks \"{}\": it is damaged", origin, key);
  return json_value<T>(object, key, T{}, origin);
}

// Throws with both values where a file's length or XXH3 is not what the manifest says.
void check_bytes(const MappedFile& file,
                 std::uint64_t bytes,
                 const std::string& checksum,
                 const std::filesystem::path& path);

// A file of an output folder, written piece by piece while its checksum is taken.
class CheckedWriter {
 public:
  explicit CheckedWriter(const std::filesystem::path& path) : file_(path) {}
  void write(std::string_view bytes) {
    file_.write(bytes);
    checksum_.update(std::as_bytes(std::span(bytes)));
  }
  template <typename T>
  void write_values(std::span<const T> values) {
    write({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }
  // The XXH3 in hexadecimal.
  std::string commit() {
    file_.commit();
    return hex64(checksum_.digest());
  }

 private:
  FileWriter file_;
  Xxh3Stream checksum_;
};

}  // namespace rq::data
