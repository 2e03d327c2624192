#include "data/token_shards.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "data/internal/manifest.h"

namespace rq::data {

namespace fs = std::filesystem;

TokenFolder::TokenFolder(const fs::path& folder) : manifest_(read_manifest(folder)) {
  token_bytes_ = manifest_value<std::int64_t>(manifest_, "token_bytes", folder);
  check(token_bytes_ == 2 || token_bytes_ == 4,
        "{}: token_bytes={} is neither 2 nor 4",
        (folder / "manifest.json").string(),
        token_bytes_);
  for (const auto& entry : manifest_value<Json>(manifest_, "shards", folder)) {
    const auto name = manifest_value<std::string>(entry, "file", folder);
    const auto tokens = manifest_value<std::uint64_t>(entry, "tokens", folder);
    const auto documents = manifest_value<std::uint64_t>(entry, "documents", folder);
    const fs::path tokens_path = folder / (name + ".tokens"),
                   index_path = folder / (name + ".offsets");
    Shard shard{.tokens = MappedFile(tokens_path),
                .index = MappedFile(index_path),
                .offsets = {},
                .first_document = documents_};
    check_bytes(shard.tokens,
                tokens * static_cast<std::uint64_t>(token_bytes_),
                manifest_value<std::string>(entry, "tokens_xxh3", folder),
                tokens_path);
    check_bytes(shard.index,
                (documents + 1) * sizeof(std::uint64_t),
                manifest_value<std::string>(entry, "offsets_xxh3", folder),
                index_path);
    shard.offsets = {reinterpret_cast<const std::uint64_t*>(shard.index.bytes().data()),
                     documents + 1};
    shards_.push_back(std::move(shard));
    documents_ += static_cast<std::int64_t>(documents);
    tokens_ += static_cast<std::int64_t>(tokens);
  }
  check(tokens_ > 0, "{} holds no tokens", folder.string());
}

const TokenFolder::Shard& TokenFolder::shard_of(std::int64_t document) const {
  assert(document >= 0 && document < documents_);
  const auto after = std::ranges::upper_bound(shards_, document, {}, &Shard::first_document);
  return *std::prev(after);
}

std::int64_t TokenFolder::length(std::int64_t document) const {
  const Shard& shard = shard_of(document);
  const auto i = static_cast<std::size_t>(document - shard.first_document);
  return static_cast<std::int64_t>(shard.offsets[i + 1] - shard.offsets[i]);
}

void TokenFolder::read(std::int64_t document,
                       std::int64_t first,
                       std::span<std::int32_t> to) const {
  const Shard& shard = shard_of(document);
  const auto begin = shard.offsets[static_cast<std::size_t>(document - shard.first_document)] +
                     static_cast<std::uint64_t>(first);
  const std::byte* bytes =
      shard.tokens.bytes().data() + begin * static_cast<std::uint64_t>(token_bytes_);
  if (token_bytes_ == 2) {
    const std::span narrow(reinterpret_cast<const std::uint16_t*>(bytes), to.size());
    std::ranges::copy(narrow, to.begin());
  } else {
    const std::span wide(reinterpret_cast<const std::int32_t*>(bytes), to.size());
    std::ranges::copy(wide, to.begin());
  }
}

}  // namespace rq::data
