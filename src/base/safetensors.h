#pragma once
// The safetensors format: eight bytes with the header's length, the header as JSON, then all
// tensors without gaps. A file comes from anywhere, so all of its header is checked before the
// first byte of a tensor is handed out.
//
//   const SafetensorsFile file("model.safetensors");
//   const TensorInfo& weight = file.at("lm_head.weight");

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/files.h"
#include "base/hash.h"

namespace rq {

// Element types, by the format's own names in dtype_name().
enum class Dtype { kF64, kF32, kF16, kBf16, kF8E4M3, kF8E5M2, kI64, kI32, kI16, kI8, kU8, kBool };
std::string_view dtype_name(Dtype dtype);
std::size_t dtype_bytes(Dtype dtype);

// What the header says of a tensor.
struct TensorSpec {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<std::int64_t> shape;  // outermost first; empty for a scalar
};

// Bytes that a tensor of this shape fills; an Error naming `origin` and the tensor where that
// passes 2^63.
std::uint64_t bytes_of(const TensorSpec& spec, std::string_view origin);

struct TensorInfo {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte>
      bytes;  // row-major, little-endian; NOTE: may lie at any address, so copy, don't cast
};

// A mapped file. Any header that lies is an Error with the file, the tensor and the values.
// Movable; views die with it.
class SafetensorsFile {
 public:
  explicit SafetensorsFile(const std::filesystem::path& path);

  // In the order in which they lie in the file.
  const std::vector<TensorInfo>& tensors() const { return tensors_; }
  // Null where there is no such tensor.
  const TensorInfo* find(std::string_view name) const;
  // An Error that names the file where there is no such tensor.
  const TensorInfo& at(std::string_view name) const;
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  MappedFile file_;
  std::map<std::string, std::string> metadata_;
  std::vector<TensorInfo> tensors_;
  std::unordered_map<std::string_view, std::size_t> places_;  // name -> index in tensors_
};

// Writes a file tensor by tensor; it appears under its name, whole and synced, only by commit().
class SafetensorsWriter {
 public:
  // `specs` in the order in which the tensors will be written; with wider types first all of them
  // stay aligned. Names are unique. Readers of the PyTorch world want the metadata's "format" to be
  // "pt".
  SafetensorsWriter(std::filesystem::path path,
                    std::vector<TensorSpec> specs,
                    const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

  // The next tensor's bytes, all of them.
  void write(std::string_view name, std::span<const std::byte> bytes);
  // Every tensor has been written.
  void commit();
  // XXH3 of all bytes written so far, header included: of the file, once all tensors are written.
  std::uint64_t digest() const { return digest_.digest(); }

 private:
  void put(std::span<const std::byte> bytes);

  std::filesystem::path path_;
  std::vector<TensorSpec> specs_;
  std::size_t next_ = 0;
  FileWriter file_;
  Xxh3Stream digest_;
};

}  // namespace rq
