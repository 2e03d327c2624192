#pragma once
// From a source to a data folder: documents are read, cut, filtered, deduplicated, and divided into
// training and held-out.
//
//   documents.bin          the training documents, one after the other
//   documents.offsets      uint64: where each begins, and the end
//   heldout/heldout.txt    the held-out documents, one after the other
//   heldout/heldout.jsonl  the same as {"text"} lines
//   quarantine.jsonl       what could not be read: {"file", "line", "reason", "excerpt"}
//   manifest.json          counts, checksums, archives; written last: its presence means complete
//
// Whether a document is held out depends on its own bytes alone.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "data/config.h"

namespace rq::data {

struct CollectContext {
  std::filesystem::path recipe_folder;                      // what relative globs are relative to
  std::filesystem::path cache_folder;                       // where packages are kept
  std::map<std::string, std::filesystem::path> boxes = {};  // data folders of DataConfig::reads()
};

// Builds the data folder `out` and returns its manifest. A complete folder of the same
// configuration is kept as it is; an incomplete or different one is replaced. `name` stands in
// errors and in the manifest. Errors name the source that is missing, empty or unreadable.
Json collect(const DataConfig& config,
             std::string_view name,
             const CollectContext& context,
             const std::filesystem::path& out);

// What can be found wrong with a source before any work, a sentence each: values that cannot be,
// paths that match nothing, an unknown generator. Needs no network.
std::vector<std::string> check_source(const SourceConfig& config,
                                      const std::filesystem::path& recipe_folder);

}  // namespace rq::data
