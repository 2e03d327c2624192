#include "pipeline/recipe_plan.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/config.h"
#include "base/files.h"
#include "pipeline/recipe.h"

namespace rq::pipeline {

std::optional<plan::Workload> workload_of(const Node& node, const Recipe& recipe) {
  auto work = node.process->workload(recipe);
  if (work) {
    work->name = node.id;
    work->kind = node.kind;
  }
  return work;
}

void use_existing_vocabulary(Recipe& recipe) {
  for (const auto* const boxes : {&recipe.tokenizers, &recipe.models}) {
    for (const auto& box : *boxes) {
      const std::filesystem::path place = recipe.resolve(box.value.path);
      const std::filesystem::path file =
          std::filesystem::is_directory(place) ? place / "tokenizer.json" : place;
      if (recipe.known.vocabulary == nullptr && std::filesystem::exists(file)) {
        recipe.known.vocabulary =
            std::make_shared<tokenizer::Tokenizer>(tokenizer::Tokenizer::load(file));
      }
    }
  }
}

std::vector<plan::Workload> workloads_of(const Graph& graph, const Recipe& recipe) {
  std::vector<plan::Workload> workloads;
  for (const Node& node : graph.nodes) {
    if (auto work = workload_of(node, recipe)) {
      workloads.push_back(std::move(*work));
    }
  }
  return workloads;
}

RecipeWorkloads read_workloads(const std::filesystem::path& recipe_path,
                               const std::vector<std::string>& overrides,
                               const Registry& registry) {
  ConfigNode root = parse_toml(read_file(recipe_path), recipe_path.string());
  for (const std::string& assignment : overrides) {
    set_override(root, assignment);
  }
  Problems problems;
  Recipe recipe = read_recipe(root, recipe_path.parent_path(), registry, problems);
  const Graph graph = build_graph(recipe, problems, [](const std::string&) { return ""; });
  problems.throw_if_any();
  use_existing_vocabulary(recipe);
  return {recipe.name, recipe.plan, workloads_of(graph, recipe)};
}

}  // namespace rq::pipeline
