#pragma once
// What each node's result depends on, and the hash of it.

#include "pipeline/graph.h"

namespace rq::pipeline::internal {

// Fills in the settings, input hashes, outside digest and hash of every node. REQUIRES that each
// stands after those it needs, and that all inputs are known.
void add_hashes(Graph& graph, const Recipe& recipe, const RecordedOutside& recorded);

}  // namespace rq::pipeline::internal
