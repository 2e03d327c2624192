// Finding and reading checkpoints: the newest one that is whole.

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/safetensors.h"
#include "base/tensor_bytes.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/internal/layout.h"

namespace rq::checkpoint {
namespace {

namespace fs = std::filesystem;

// The manifest, once it has proved to be as it was written.
Json read_manifest(const fs::path& folder, std::int64_t step) {
  const fs::path path = folder / internal::kManifestName;
  check(fs::exists(path), "{} is missing: it was never completed", internal::kManifestName);
  const Json manifest = read_json(path);
  check(manifest.is_object(), "{} is not an object", internal::kManifestName);
  Json unsigned_part = manifest;
  unsigned_part.erase("xxh3");
  const auto stated = json_value(manifest, "xxh3", std::string(), path.string());
  const std::string actual =
      hex64(xxh3(unsigned_part.dump(-1, ' ', false, Json::error_handler_t::replace)));
  check(stated == actual,
        "{} has the checksum {} and says {}",
        internal::kManifestName,
        actual,
        stated);
  const int format = json_value(manifest, "format", 0, path.string());
  check(format == internal::kFormat,
        "{} is of format {}, this program reads {}",
        internal::kManifestName,
        format,
        internal::kFormat);
  const auto named = json_value(manifest, "step", std::int64_t{-1}, path.string());
  check(named == step, "{} is of step {}", internal::kManifestName, named);
  return manifest;
}

void check_file(const fs::path& folder, std::string_view name, const Json& manifest) {
  const auto& files = manifest.at("files");
  const auto entry = files.find(std::string(name));
  check(entry != files.end(), "{} does not name {}", internal::kManifestName, name);
  check(fs::exists(folder / name), "{} is missing", name);
  const MappedFile file(folder / name);
  const std::string actual = hex64(xxh3(file.bytes()));
  const auto stated = json_value(*entry, "xxh3", std::string(), name);
  check(actual == stated,
        "{} has {} bytes with the checksum {}, and {} says {} bytes with {}",
        name,
        file.bytes().size(),
        actual,
        internal::kManifestName,
        json_value(*entry, "bytes", std::int64_t{-1}, name),
        stated);
}

Loaded load_step(const fs::path& folder, std::int64_t step) {
  const Json manifest = read_manifest(folder, step);
  check_file(folder, internal::kTensorsName, manifest);
  check_file(folder, internal::kStateName, manifest);
  Loaded loaded;
  loaded.step = step;
  loaded.state = read_json(folder / internal::kStateName);
  const SafetensorsFile file(folder / internal::kTensorsName);
  for (const TensorInfo& tensor : file.tensors()) {
    loaded.tensors.emplace(tensor.name, tensor_of(tensor));
  }
  return loaded;
}

// What differs between a loaded tensor and its target; empty where nothing does.
std::string difference(const Loaded& loaded, const NamedTensor& target) {
  const auto found = loaded.tensors.find(target.name);
  if (found == loaded.tensors.end()) {
    return fmt::format("\"{}\" is not in it", target.name);
  }
  const Tensor& source = found->second;
  if (source.sizes() != target.tensor.sizes() ||
      source.scalar_type() != target.tensor.scalar_type()) {
    return fmt::format("\"{}\" is {} [{}] there and {} [{}] here",
                       target.name,
                       c10::toString(source.scalar_type()),
                       fmt::join(source.sizes(), ", "),
                       c10::toString(target.tensor.scalar_type()),
                       fmt::join(target.tensor.sizes(), ", "));
  }
  return "";
}

}  // namespace

namespace internal {

std::vector<std::int64_t> steps_in(const fs::path& checkpoints_folder) {
  std::vector<std::int64_t> steps;
  if (!fs::is_directory(checkpoints_folder)) {
    return steps;
  }
  for (const auto& entry : fs::directory_iterator(checkpoints_folder)) {
    const std::string name = entry.path().filename().string();
    std::int64_t step = -1;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), step);
    if (error == std::errc() && step >= 0 && std::to_string(step) == name && entry.is_directory()) {
      steps.push_back(step);
    }
  }
  std::ranges::sort(steps);
  return steps;
}

}  // namespace internal

std::optional<Loaded> load_latest(const fs::path& checkpoints_folder) {
  auto steps = internal::steps_in(checkpoints_folder);
  if (steps.empty()) {
    return std::nullopt;
  }
  std::vector<std::string> warnings;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const fs::path folder = checkpoints_folder / std::to_string(*step);
    try {
      Loaded loaded = load_step(folder, *step);
      loaded.warnings = std::move(warnings);
      return loaded;
    } catch (const MachineError&) {
      throw;  // says nothing about the checkpoint
    } catch (const Error& error) {
      warnings.push_back(fmt::format(
          "the checkpoint {} is damaged and passed over: {}", folder.string(), error.what()));
    }
  }
  fail("no checkpoint in {} is good: {}", checkpoints_folder.string(), fmt::join(warnings, "; "));
}

void copy_into(const Loaded& loaded, std::span<const NamedTensor> tensors) {
  std::vector<std::string> differences;
  std::set<std::string> wanted;
  for (const NamedTensor& target : tensors) {
    wanted.insert(target.name);
    if (std::string text = difference(loaded, target); !text.empty()) {
      differences.push_back(std::move(text));
    }
  }
  for (const auto& [name, tensor] : loaded.tensors) {
    if (!wanted.contains(name)) {
      differences.push_back(fmt::format("\"{}\" is in it and not wanted", name));
    }
  }
  check(differences.empty(),
        "the checkpoint of step {} does not fit: {}",
        loaded.step,
        fmt::join(differences, "; "));
  const c10::NoGradGuard no_grad;
  for (const NamedTensor& target : tensors) {
    Tensor tensor = target.tensor;  // a handle: copy_ wants one that is not const
    tensor.copy_(loaded.tensors.at(target.name));
  }
}

}  // namespace rq::checkpoint
