#include "base/safetensors_folder.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/files.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSingleName = "model.safetensors";
constexpr std::string_view kIndexName = "model.safetensors.index.json";

// Tensor names by shard, as the index has them. Not rq::Json: V3's index has 92,000 names.
std::map<std::string, std::vector<std::string>> read_index(const fs::path& path) {
  nlohmann::json index;
  try {
    index = nlohmann::json::parse(read_file(path));
  } catch (const nlohmann::json::parse_error& error) {
    fail("{}: not JSON at byte {}", path.string(), error.byte);
  }
  check(index.is_object() && index.contains("weight_map") && index["weight_map"].is_object(),
        "{}: there is no object \"weight_map\"",
        path.string());
  std::map<std::string, std::vector<std::string>> shards;
  for (const auto& [name, shard] : index["weight_map"].items()) {
    check(shard.is_string(), "{}: the shard of \"{}\" is not a string", path.string(), name);
    const auto& file = shard.get_ref<const std::string&>();
    check(!file.empty() && file != "." && file != ".." && file.find('/') == std::string::npos &&
              file.find('\0') == std::string::npos,
          "{}: the shard \"{}\" of \"{}\" is not a file beside the index",
          path.string(),
          file,
          name);
    shards[file].push_back(name);
  }
  return shards;
}

// Indices into the tensors to write, shard by shard; within a shard wider types come first, so that
// all stay aligned.
std::vector<std::vector<std::size_t>> plan_shards(const std::vector<TensorSpec>& specs,
                                                  std::uint64_t max_shard_bytes,
                                                  const std::string& origin) {
  std::vector<std::vector<std::size_t>> shards(1);
  std::uint64_t filled = 0;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const std::uint64_t bytes = bytes_of(specs[i], origin);
    if (!shards.back().empty() && (bytes > max_shard_bytes || filled > max_shard_bytes - bytes)) {
      shards.emplace_back();
      filled = 0;
    }
    shards.back().push_back(i);
    filled += bytes;
  }
  for (auto& shard : shards) {
    std::ranges::stable_sort(shard, [&](std::size_t a, std::size_t b) {
      return dtype_bytes(specs[a].dtype) > dtype_bytes(specs[b].dtype);
    });
  }
  return shards;
}

std::string shard_name(std::size_t index, std::size_t count) {
  return count == 1 ? std::string(kSingleName)
                    : fmt::format("model-{:05}-of-{:05}.safetensors", index + 1, count);
}

bool is_weights_file(const std::string& name) {
  return name == kIndexName || name == kSingleName ||
         (name.starts_with("model-") && name.ends_with(".safetensors"));
}

void remove_other_weights(const fs::path& folder, const std::set<std::string>& kept) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (is_weights_file(name) && !kept.contains(name)) {
      std::error_code
          ignored;  // a file that stays is only wasted space, unless it is model.safetensors
      fs::remove(entry.path(), ignored);
      check(!ignored || name != kSingleName,
            "cannot remove the earlier weights {}: {}",
            entry.path().string(),
            ignored.message());
    }
  }
}

}  // namespace

SafetensorsFolder::SafetensorsFolder(const fs::path& folder) {
  std::map<std::string, std::vector<std::string>> shards;
  const fs::path index = folder / kIndexName;
  const bool is_single = fs::exists(folder / kSingleName);
  if (is_single) {
    shards[std::string(kSingleName)] = {};
  } else {
    check(fs::exists(index),
          "{}: there are no weights: neither {} nor {}",
          folder.string(),
          kSingleName,
          kIndexName);
    shards = read_index(index);
  }
  files_.reserve(shards.size());
  for (const auto& [file, names] : shards) {
    check(fs::exists(folder / file),
          "{}: the shard {} is missing, which {} names",
          folder.string(),
          file,
          kIndexName);
    const SafetensorsFile& shard = files_.emplace_back(folder / file);
    for (const std::string& name : names) {
      check(shard.find(name) != nullptr,
            "{}: there is no tensor \"{}\", which {} places there",
            shard.path().string(),
            name,
            kIndexName);
    }
    const std::set<std::string_view> placed(names.begin(), names.end());
    for (const TensorInfo& tensor : shard.tensors()) {
      if (is_single || placed.contains(tensor.name)) {
        tensors_.push_back(&tensor);
        places_.emplace(tensor.name, &tensor);
      }
    }
  }
}

const TensorInfo* SafetensorsFolder::find(std::string_view name) const {
  const auto found = places_.find(name);
  return found == places_.end() ? nullptr : found->second;
}

void write_safetensors_folder(const fs::path& folder,
                              const std::vector<TensorSpec>& specs,
                              std::uint64_t max_shard_bytes,
                              const TensorBytes& fetch) {
  std::set<std::string_view> names;
  for (const TensorSpec& spec : specs) {
    check(names.insert(spec.name).second,
          "{}: two tensors are named \"{}\"",
          folder.string(),
          spec.name);
  }
  make_folder(folder);
  const auto shards = plan_shards(specs, max_shard_bytes, folder.string());
  nlohmann::json weight_map = nlohmann::json::object();
  std::set<std::string> written;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const std::string name = *written.insert(shard_name(i, shards.size())).first;
    std::vector<TensorSpec> parts;
    for (const std::size_t index : shards[i]) {
      parts.push_back(specs[index]);
      total += bytes_of(specs[index], folder.string());
      weight_map[specs[index].name] = name;
    }
    SafetensorsWriter writer(folder / name, std::move(parts));
    for (const std::size_t index : shards[i]) {
      writer.write(specs[index].name, fetch(index));
    }
    writer.commit();
  }
  if (shards.size() > 1) {
    nlohmann::json index{{"metadata", {{"total_size", total}}}};
    index["weight_map"] = std::move(weight_map);
    write_file(folder / kIndexName, index.dump(2) + "\n");
    written.insert(std::string(kIndexName));
  }
  remove_other_weights(folder, written);
}

}  // namespace rq
