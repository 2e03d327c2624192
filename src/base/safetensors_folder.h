#pragma once
// A model's weights as a folder in Hugging Face layout: model.safetensors, or shards beside
// model.safetensors.index.json.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/safetensors.h"

namespace rq {

// All tensors of a folder, mapped. A missing shard, or a tensor that its shard lacks, is an Error
// that names it.
class SafetensorsFolder {
 public:
  explicit SafetensorsFolder(const std::filesystem::path& folder);

  // File by file, in the order in which they lie there; a name occurs once.
  const std::vector<const TensorInfo*>& tensors() const { return tensors_; }
  // Null where there is no such tensor.
  const TensorInfo* find(std::string_view name) const;

 private:
  std::vector<SafetensorsFile> files_;
  std::vector<const TensorInfo*> tensors_;  // into files_
  std::unordered_map<std::string_view, const TensorInfo*> places_;
};

// The bytes of tensor `index` of the list that is being written; they must hold until the next
// call.
using TensorBytes = std::function<std::span<const std::byte>(std::size_t index)>;

// Writes model.safetensors, or, past `max_shard_bytes` of data, shards of at most that size (one
// tensor alone may exceed it) and their index. Fetches each tensor once. Removes the weights that
// an earlier save left there, after the new ones stand.
void write_safetensors_folder(const std::filesystem::path& folder,
                              const std::vector<TensorSpec>& specs,
                              std::uint64_t max_shard_bytes,
                              const TensorBytes& fetch);

}  // namespace rq
