#pragma once
// Reads a token folder (tokenize.h): documents of token ids over several mapped shards.

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "base/files.h"
#include "base/json.h"

namespace rq::data {

// Constant after construction: any number of threads may read.
class TokenFolder {
 public:
  // Throws where the folder is incomplete, or a shard's length or checksum differs from the
  // manifest's; the shard is named.
  explicit TokenFolder(const std::filesystem::path& folder);

  std::int64_t documents() const { return documents_; }
  std::int64_t tokens() const { return tokens_; }
  // Tokens of one document, its end token included.
  std::int64_t length(std::int64_t document) const;
  // Tokens [first, first + to.size()) of a document. REQUIRES that they exist.
  void read(std::int64_t document, std::int64_t first, std::span<std::int32_t> to) const;
  const Json& manifest() const { return manifest_; }

 private:
  struct Shard {
    MappedFile tokens, index;
    std::span<const std::uint64_t> offsets;  // into index
    std::int64_t first_document = 0;
  };
  const Shard& shard_of(std::int64_t document) const;

  Json manifest_;
  std::vector<Shard> shards_;
  std::int64_t documents_ = 0, tokens_ = 0, token_bytes_ = 2;
};

}  // namespace rq::data
