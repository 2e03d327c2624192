#include "pipeline/internal/node_hashes.h"

#include <algorithm>
#include <map>
#include <string>

#include "base/config.h"
#include "base/hash.h"
#include "pipeline/internal/existing.h"

namespace rq::pipeline::internal {

namespace {

// Raised when what lies in run folders comes to mean something else: everything is then made anew.
constexpr int kFormatVersion = 1;

// Of a thing that is there without work.
std::string hash_of_given(const Thing& thing, const Recipe& recipe) {
  if (thing.type == ThingType::kArchitecture) {
    return sha256(to_json(recipe.architecture(thing.name)).dump());
  }
  const auto& boxes = thing.type == ThingType::kModel ? recipe.models : recipe.tokenizers;
  const auto box = std::find_if(boxes.begin(), boxes.end(), [&](const auto& candidate) {
    return candidate.name == thing.name;
  });
  return hash_of_existing(recipe.resolve(box->value.path));
}

std::string hash_of(const Node& node) {
  std::string text = fmt::format("{} {} {}\n{}",
                                 kFormatVersion,
                                 node.kind,
                                 node.process->format_version(),
                                 to_json(node.settings).dump());
  text += fmt::format("\n{}\n{}", id_of(node.process->makes()), node.outside);
  for (const auto& [id, hash] : node.input_hashes) {
    text += fmt::format("\n{} {}", id, hash);
  }
  return sha256(text);
}

}  // namespace

void add_hashes(Graph& graph, const Recipe& recipe, const RecordedOutside& recorded) {
  std::map<Thing, std::string> made;
  for (Node& node : graph.nodes) {
    node.settings = node.process->config();
    if (node.process->depends_on_seed()) {
      node.settings.set("seed", ConfigNode(ConfigNode::Value(recipe.seed)));
    }
    const auto outside = node.process->outside(recipe);
    node.outside = outside ? *outside : recorded(node.work_folder);
    for (const Input& input : node.process->inputs()) {
      const auto maker = made.find(input.thing);
      node.input_hashes[id_of(input.thing)] =
          maker != made.end() ? maker->second : hash_of_given(input.thing, recipe);
    }
    node.hash = hash_of(node);
    made[node.process->makes()] = node.hash;
  }
}

}  // namespace rq::pipeline::internal
