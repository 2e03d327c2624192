#pragma once
// A recipe as the flowchart that report/flow.h draws: its boxes with what is known of them before
// anything has run, and then with how far a run has come.

#include <filesystem>
#include <vector>

#include "pipeline/graph.h"
#include "pipeline/recipe.h"
#include "pipeline/status.h"
#include "report/flow.h"

namespace rq::pipeline {

// Of a graph with problems, whatever of it is sound.
report::Flow describe_flow(const Recipe& recipe, const Graph& graph);

// Puts the states of a run into the flow of its recipe, and the figures that are known of what is
// done.
void add_states(report::Flow& flow,
                const std::vector<StatusRow>& rows,
                const std::filesystem::path& run_dir);

report::State state_of(StatusWord word);

}  // namespace rq::pipeline
