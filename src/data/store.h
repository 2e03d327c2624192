#pragma once
// Reads what collect() wrote: the training documents, mapped into memory, and the held-out ones.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/json.h"

namespace rq::data {

// The training documents of a data folder. Constant after construction: any number of threads may
// read.
class DocumentStore {
 public:
  // Throws where the folder is incomplete or its bytes do not match the manifest's checksums.
  explicit DocumentStore(const std::filesystem::path& data_folder);

  std::int64_t size() const { return static_cast<std::int64_t>(offsets_.size()) - 1; }
  std::string_view operator[](std::int64_t document) const;  // REQUIRES 0 <= document < size()
  std::int64_t bytes() const { return static_cast<std::int64_t>(offsets_.back()); }
  const Json& manifest() const { return manifest_; }

 private:
  Json manifest_;
  MappedFile text_, index_;
  std::span<const std::uint64_t> offsets_;  // into index_
};

// The held-out documents of a data folder, in order; their concatenation is heldout/heldout.txt.
std::vector<std::string> read_heldout(const std::filesystem::path& data_folder);

}  // namespace rq::data
