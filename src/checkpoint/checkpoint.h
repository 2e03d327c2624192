#pragma once
// Checkpoints: named tensors and a JSON state in `<folder>/<step>/`, whole or not there at all.
//
// A checkpoint is written to a hidden folder, every file synced; its manifest.json, with the XXH3
// of every file, comes last and marks it complete; then the folder is renamed. Killed at any
// moment, the folder holds what it held before or the new checkpoint too. One process at a time
// works in a folder of checkpoints. It knows nothing of models.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/tensor.h"

namespace rq::checkpoint {

struct NamedTensor {
  std::string name;
  Tensor tensor;  // any shape, device and strides
};

struct Loaded {
  std::int64_t step = 0;
  Json state;
  std::map<std::string, Tensor> tensors;  // on the CPU, as they were saved
  std::vector<std::string> warnings;  // a sentence for every newer checkpoint that was passed over
};

// Saves `<checkpoints_folder>/<step>`, replacing one of that step, and leaves the `keep` newest (at
// least 2). Checkpoints of a later step are removed: the run was resumed before them. On failure, a
// full disk (MachineError) above all, everything that was there before stays and nothing partial
// does. NOTE: JSON holds no NaN and no infinity; they come back as null.
void save(const std::filesystem::path& checkpoints_folder,
          std::int64_t step,
          std::span<const NamedTensor> tensors,
          const Json& state,
          int keep = 2);

// The newest checkpoint whose every byte is as it was written. Nothing where there is no
// checkpoint; an Error that names them where there are some and none is good.
std::optional<Loaded> load_latest(const std::filesystem::path& checkpoints_folder);

// Copies the loaded values into `tensors`, which are the same by name, shape and type; where not,
// an Error lists every difference and nothing is written. NOTE: writes through to storage that
// others may share, gradients do not see it.
void copy_into(const Loaded& loaded, std::span<const NamedTensor> tensors);

}  // namespace rq::checkpoint
