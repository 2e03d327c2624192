#pragma once
// The recipe as a graph: which work there is, in the order in which it can be done, and a hash of
// each that changes exactly when its result may change.

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.h"
#include "pipeline/process.h"
#include "pipeline/recipe.h"

namespace rq::pipeline {

// Work: a data box to be collected, a process to be run, or models to be evaluated.
struct Node {
  std::string id = {};           // "data.prose", "process.pretrain"
  std::string where = {};        // "tiny.toml:12"
  std::string kind = {};         // "data", "pretrain"
  std::string work_folder = {};  // its name under work/: "data.prose", "pretrain"
  std::shared_ptr<const Process> process = {};
  std::vector<std::size_t> after = {};  // nodes that make its inputs

  // What its result depends on: its own settings, and by id the hash of each thing it reads.
  ConfigNode settings = {};
  std::map<std::string, std::string> input_hashes = {};
  std::string outside = {};  // digest of what lies outside the recipe: files of a source
  std::string hash = {};
};

struct Graph {
  std::vector<Node> nodes = {};  // each after all that it needs

  const Node* find(std::string_view id) const;
  // The indices of a node and of all that it rests on, in order.
  std::vector<std::size_t> up_to(std::size_t node) const;
};

// The digest of outside files that a node was last made from, by its work folder; it counts where
// those files are no longer there.
using RecordedOutside = std::function<std::string(const std::string& work_folder)>;

// Puts the work in order, without hashes. Two makers of one thing, unknown inputs, cycles, and
// settings that do not fit together all go to `problems`; where there were any, the graph is of no
// use but for more checks, and to be looked at.
Graph arrange_graph(const Recipe& recipe, Problems& problems);

// The same with hashes, where there was no problem.
Graph build_graph(
    const Recipe& recipe,
    Problems& problems,
    const RecordedOutside& recorded = [](const std::string&) { return std::string(); });

}  // namespace rq::pipeline
