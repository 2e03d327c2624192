#pragma once
// What a recipe gives a plan to reckon with: the workload of each of its processes, read from the
// recipe alone.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/graph.h"
#include "pipeline/plan_settings.h"
#include "pipeline/process.h"
#include "plan/workload.h"

namespace rq::pipeline {

// That of one node, named after it; nothing where it has none.
std::optional<plan::Workload> workload_of(const Node& node, const Recipe& recipe);
// The workloads of a graph's nodes in the order of the work, named after them; those without one
// are left out.
std::vector<plan::Workload> workloads_of(const Graph& graph, const Recipe& recipe);

// From here on texts are counted by the first tokenizer that the recipe names, or a model of it
// has.
void use_existing_vocabulary(Recipe& recipe);

struct RecipeWorkloads {
  std::string name = {};  // the recipe's
  PlanSettings settings = {};
  std::vector<plan::Workload> workloads = {};
};

// Reads and checks a recipe as `run` does, files of its sources left aside. Throws one Error with
// all that is wrong.
RecipeWorkloads read_workloads(const std::filesystem::path& recipe,
                               const std::vector<std::string>& overrides,
                               const Registry& registry);

}  // namespace rq::pipeline
