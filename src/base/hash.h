#pragma once
// Digests: SHA-256 for what people compare (packages, content hashes), XXH3 for what we check on
// every read (shards, checkpoints).

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace rq {

// Lower-case hexadecimal, 64 digits.
std::string sha256(std::string_view bytes);
std::string sha256_of_file(const std::filesystem::path& path);

// XXH3, 64 bits, seed 0.
std::uint64_t xxh3(std::span<const std::byte> bytes);
std::uint64_t xxh3(std::string_view bytes);

// XXH3 over bytes that arrive in pieces.
class Xxh3Stream {
 public:
  Xxh3Stream();
  ~Xxh3Stream();
  Xxh3Stream(const Xxh3Stream&) = delete;
  Xxh3Stream& operator=(const Xxh3Stream&) = delete;
  void update(std::span<const std::byte> bytes);
  std::uint64_t digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A 64-bit digest as 16 hexadecimal digits, as manifests hold it.
std::string hex64(std::uint64_t value);

}  // namespace rq
