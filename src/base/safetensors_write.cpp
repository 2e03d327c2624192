// The writing half of base/safetensors.h.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/files.h"
#include "base/safetensors.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the format's own limit
constexpr std::size_t kAlignment = 8;

// The header's own bytes, length first, padded with spaces so that the data is aligned.
std::string write_header(const std::vector<TensorSpec>& specs,
                         const std::map<std::string, std::string>& metadata,
                         const std::string& origin) {
  nlohmann::json header = nlohmann::json::object();  // not rq::Json, which finds a name by walking
  if (!metadata.empty()) {
    header["__metadata__"] = metadata;
  }
  std::uint64_t begin = 0;
  for (const TensorSpec& spec : specs) {
    check(spec.name != "__metadata__" && !header.contains(spec.name),
          "{}: two tensors are named \"{}\"",
          origin,
          spec.name);
    const std::uint64_t end = begin + bytes_of(spec, origin);
    header[spec.name] = {
        {"dtype", dtype_name(spec.dtype)}, {"shape", spec.shape}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::type_error&) {
    fail("{}: the name of a tensor is not UTF-8", origin);
  }
  text.append((kAlignment - text.size() % kAlignment) % kAlignment, ' ');
  check(text.size() <= kMaxHeaderBytes,
        "{}: the header of {} tensors is {} bytes long, the limit is {}: write smaller shards",
        origin,
        specs.size(),
        text.size(),
        kMaxHeaderBytes);
  const std::uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  return bytes + text;
}

}  // namespace

SafetensorsWriter::SafetensorsWriter(fs::path path,
                                     std::vector<TensorSpec> specs,
                                     const std::map<std::string, std::string>& metadata)
    : path_(std::move(path)), specs_(std::move(specs)), file_(path_) {
  const std::string header = write_header(specs_, metadata, path_.string());
  put(std::as_bytes(std::span(header)));
}

void SafetensorsWriter::put(std::span<const std::byte> bytes) {
  file_.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  digest_.update(bytes);
}

void SafetensorsWriter::write(std::string_view name, std::span<const std::byte> bytes) {
  check(next_ < specs_.size() && specs_[next_].name == name,
        "{}: tensor \"{}\" is written where \"{}\" was announced",
        path_.string(),
        name,
        next_ < specs_.size() ? specs_[next_].name : "nothing more");
  const std::uint64_t announced = bytes_of(specs_[next_], path_.string());
  check(bytes.size() == announced,
        "{}: tensor \"{}\" has {} bytes where {} were announced",
        path_.string(),
        name,
        bytes.size(),
        announced);
  put(bytes);
  ++next_;
}

void SafetensorsWriter::commit() {
  check(next_ == specs_.size(),
        "{}: {} of {} tensors were written",
        path_.string(),
        next_,
        specs_.size());
  file_.commit();
}

}  // namespace rq
