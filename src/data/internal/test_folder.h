#pragma once
// For tests only: a folder that is empty at the start and gone at the end, and small inputs to put
// into it.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "base/files.h"
#include "base/json.h"
#include "data/internal/manifest.h"

namespace rq::data {

class TestFolder {
 public:
  TestFolder()
      : path_(std::filesystem::path(testing::TempDir()) /
              ("rorqual_data_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    make_folder(path_);
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string gzipped(std::string_view text) {
  z_stream state{};
  constexpr int kGzip = 16;
  deflateInit2(&state, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + kGzip, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&state, text.size()), '\0');
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  state.avail_in = static_cast<uInt>(text.size());
  state.next_out = reinterpret_cast<Bytef*>(packed.data());
  state.avail_out = static_cast<uInt>(packed.size());
  deflate(&state, Z_FINISH);
  packed.resize(state.total_out);
  deflateEnd(&state);
  return packed;
}

inline std::string zstandard(std::string_view text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));
  return packed;
}

// A token folder of one shard, as tokenize() would write it.
inline void write_tokens(const std::filesystem::path& folder,
                         const std::vector<std::vector<std::uint16_t>>& documents) {
  CheckedWriter tokens(folder / "shard-00000.tokens"), index(folder / "shard-00000.offsets");
  std::vector<std::uint64_t> offsets = {0};
  for (const auto& document : documents) {
    tokens.write_values(std::span(document));
    offsets.push_back(offsets.back() + document.size());
  }
  index.write_values(std::span<const std::uint64_t>(offsets));
  const Json shard = {{"file", "shard-00000"},
                      {"documents", documents.size()},
                      {"tokens", offsets.back()},
                      {"tokens_xxh3", tokens.commit()},
                      {"offsets_xxh3", index.commit()}};
  write_json(folder / "manifest.json", {{"token_bytes", 2}, {"shards", Json::array({shard})}});
}

// What an Error says, or "" where none is thrown.
template <typename Action>
std::string error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace rq::data
