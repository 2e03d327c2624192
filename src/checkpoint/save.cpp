// Writing checkpoints: a hidden folder, every file synced, then a rename; and which old ones go.

#include <fcntl.h>
#include <stdio.h>  // NOLINT(modernize-deprecated-headers): renameat2 is not in <cstdio>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <exception>
#include <filesystem>
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

constexpr std::string_view kPartialSuffix = ".partial";

fs::path hidden_folder(const fs::path& folder, std::int64_t step) {
  return folder / fmt::format(".{}{}", step, kPartialSuffix);
}

// What a killed save or removal left behind.
void remove_leftovers(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') && name.ends_with(kPartialSuffix)) {
      found.push_back(entry.path());
    }
  }
  for (const fs::path& path : found) {
    fs::remove_all(path);
  }
}

// Puts `hidden` under its name, atomically also where a checkpoint of that name stands; that one is
// then in `hidden`.
void publish(const fs::path& hidden, const fs::path& path) {
  if (fs::exists(path)) {
    if (::renameat2(AT_FDCWD, hidden.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0) {
      return;
    }
    fs::remove_all(path);  // a file system that cannot exchange
  }
  fs::rename(hidden, path);
}

Json file_entry(const fs::path& path, std::uint64_t digest) {
  return Json{{"bytes", fs::file_size(path)}, {"xxh3", hex64(digest)}};
}

Json write_tensors(const fs::path& path, std::span<const NamedTensor> tensors) {
  std::vector<TensorSpec> specs;
  for (const NamedTensor& named : tensors) {
    check(named.tensor.defined(), "{}: tensor \"{}\" is undefined", path.string(), named.name);
    specs.push_back(spec_of(named.name, named.tensor));
  }
  SafetensorsWriter writer(path, std::move(specs));
  for (const NamedTensor& named : tensors) {
    writer.write(named.name, bytes_of(named.tensor.detach().cpu().contiguous()));
  }
  writer.commit();
  return file_entry(path, writer.digest());
}

Json write_state(const fs::path& path, const Json& state) {
  std::string text;
  try {
    text = state.dump(1) + "\n";
  } catch (const Json::type_error&) {
    fail("{}: the state holds text that is not UTF-8", path.string());
  }
  write_file(path, text);
  return file_entry(path, xxh3(text));
}

void write_checkpoint(const fs::path& folder,
                      std::int64_t step,
                      std::span<const NamedTensor> tensors,
                      const Json& state) {
  make_folder(folder);
  Json manifest{{"format", internal::kFormat}, {"step", step}};
  Json files = Json::object();
  files[std::string(internal::kTensorsName)] =
      write_tensors(folder / internal::kTensorsName, tensors);
  files[std::string(internal::kStateName)] = write_state(folder / internal::kStateName, state);
  manifest["files"] = std::move(files);
  manifest["xxh3"] =
      hex64(xxh3(manifest.dump()));  // of itself, so that it cannot be altered either
  write_json(folder / internal::kManifestName, manifest);
}

// Removes by way of a hidden name, so that a kill in between leaves no half of a checkpoint.
void remove_checkpoint(const fs::path& folder, std::int64_t step) {
  const fs::path hidden = hidden_folder(folder, step);
  fs::rename(folder / std::to_string(step), hidden);
  fs::remove_all(hidden);
}

void retain(const fs::path& folder, std::int64_t newest, int keep) {
  const auto steps = internal::steps_in(folder);
  int kept = 0;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (*step > newest || ++kept > keep) {
      remove_checkpoint(folder, *step);
    }
  }
}

[[noreturn]] void rethrow_system(const fs::filesystem_error& error, const fs::path& folder) {
  throw MachineError(fmt::format("cannot save a checkpoint in {}: {}: {}",
                                 folder.string(),
                                 error.path1().string(),
                                 error.code().message()));
}

}  // namespace

void save(const fs::path& checkpoints_folder,
          std::int64_t step,
          std::span<const NamedTensor> tensors,
          const Json& state,
          int keep) {
  check(step >= 0, "a checkpoint of step {} cannot be saved: steps count from 0", step);
  check(
      keep >= 2, "checkpoints to keep={}: at least 2, or a damaged one is the end of a run", keep);
  make_folder(checkpoints_folder);
  const fs::path hidden = hidden_folder(checkpoints_folder, step);
  try {
    remove_leftovers(checkpoints_folder);
    write_checkpoint(hidden, step, tensors, state);
    publish(hidden, checkpoints_folder / std::to_string(step));
    sync_folder(checkpoints_folder);
    retain(checkpoints_folder, step, keep);
    remove_leftovers(checkpoints_folder);
  } catch (const fs::filesystem_error& error) {
    std::error_code ignored;
    fs::remove_all(hidden, ignored);
    rethrow_system(error, checkpoints_folder);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(hidden, ignored);
    throw;
  }
}

}  // namespace rq::checkpoint
