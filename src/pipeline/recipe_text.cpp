// A recipe written out, with every default.

#include <string>
#include <utility>
#include <vector>

#include "base/config.h"
#include "pipeline/recipe.h"

namespace rq::pipeline {
namespace {

template <typename T>
void write_boxes(ConfigNode& root, const std::string& section, const std::vector<Named<T>>& boxes) {
  ConfigNode tables;
  for (const auto& box : boxes) {
    tables.set(box.name, write_config(box.value));
  }
  if (!boxes.empty()) {
    root.set(section, std::move(tables));
  }
}

}  // namespace

std::string resolved_text(const Recipe& recipe) {
  ConfigNode root;
  root.set("name", ConfigNode(ConfigNode::Value(recipe.name)));
  root.set("seed", ConfigNode(ConfigNode::Value(recipe.seed)));
  root.set("folder", ConfigNode(ConfigNode::Value(recipe.folder.string())));
  write_boxes(root, "data", recipe.data);
  write_boxes(root, "architecture", recipe.architectures);
  write_boxes(root, "tokenizer", recipe.tokenizers);
  write_boxes(root, "model", recipe.models);
  root.set("plan", write_config(recipe.plan));
  ConfigNode processes;
  for (const auto& process : recipe.processes) {
    ConfigNode table;
    table.set("kind", ConfigNode(ConfigNode::Value(process.kind)));
    const ConfigNode settings =
        process.process->config();  // the loop below does not keep a temporary alive
    for (const auto& [key, node] : settings.entries()) {
      table.set(key, node);
    }
    processes.set(process.name, std::move(table));
  }
  if (!recipe.processes.empty()) {
    root.set("process", std::move(processes));
  }
  ConfigNode evaluations;
  for (const auto& evaluation : recipe.evaluations) {
    evaluations.set(evaluation.name, evaluation.process->config());
  }
  if (!recipe.evaluations.empty()) {
    root.set("evaluation", std::move(evaluations));
  }
  return to_toml(root);
}

}  // namespace rq::pipeline
