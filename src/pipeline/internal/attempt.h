#pragma once
// One try at a node of the graph.

#include <filesystem>
#include <functional>
#include <string_view>

#include "pipeline/graph.h"
#include "pipeline/ledger.h"
#include "pipeline/prediction.h"
#include "pipeline/recipe.h"
#include "pipeline/run_folder.h"

namespace rq::pipeline::internal {

struct Workplace {
  const Recipe& recipe;
  const RunFolder& folder;
  const std::filesystem::path& cache;                // of fetched packages
  const std::function<void(std::string_view)>& say;  // a line for the user
};

// Runs the node's process in its begun work folder and records it as done. However it ends, its
// cost goes into the ledger; where the process dies, the heartbeat file remains. Throws what the
// process throws, errors with the node's id in front.
void attempt(const Node& node,
             const Prediction& prediction,
             const Ledger& ledger,
             const Workplace& workplace);

}  // namespace rq::pipeline::internal
