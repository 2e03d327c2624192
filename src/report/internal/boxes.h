#pragma once
// What the boxes of a run hold, by the manifests that lie in them: documents, bytes and tokens,
// what was left out and why; and of models their shape.

#include <string>
#include <vector>

#include "base/json.h"
#include "report/run.h"

namespace rq::report {

// [{"name", "file", "documents", "bytes", "heldout_documents", "heldout_bytes", "dropped": {reason:
// documents}, "quarantined", "teacher", "human_checked", "tokens": [{"by", "file", "tokens",
// "share" of the process's tokens}]}], a row a data box that is there. What cannot be read is named
// in `missing`.
Json data_of(const Run& run, std::vector<std::string>& missing);

// [{"id", "name", "made_by", "file", "context", "layers", "width", "experts", "vocabulary"}] of the
// models that are there.
Json models_of(const Run& run, std::vector<std::string>& missing);

}  // namespace rq::report
