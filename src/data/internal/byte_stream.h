#pragma once
// A file's bytes in pieces, decompressed on the way: plain, gzip (also several members, and
// dictzip), or Zstandard.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace rq::data {

class ByteStream {
 public:
  ByteStream() = default;
  virtual ~ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  // Fills a part of `to` and returns how many bytes; 0 at the end only. Damaged input is an Error
  // that names the file.
  virtual std::size_t read(std::span<char> to) = 0;
};

// Chooses by the name's ending: .gz and .dz, .zst, else plain.
std::unique_ptr<ByteStream> open_stream(const std::filesystem::path& path);

// The rest of a stream.
std::string read_all(ByteStream& stream);

// The name without the ending that open_stream() decompresses: "a.jsonl" of "a.jsonl.gz".
std::filesystem::path uncompressed_name(const std::filesystem::path& path);

}  // namespace rq::data
