#include "pipeline/graph.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/config.h"
#include "pipeline/internal/node_hashes.h"
#include "pipeline/internal/order.h"
#include "pipeline/kinds/data.h"

namespace rq::pipeline {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kNoNode = SIZE_MAX;

std::string place(const std::string& where) {
  return where.empty() ? "" : where + ": ";
}

class Builder {
 public:
  Builder(const Recipe& recipe, Problems& problems) : recipe_(recipe), problems_(problems) {}

  Graph build() {
    add_existing();
    add_nodes();
    resolve_inputs();
    sort_nodes();
    for (const Node& node : graph_.nodes) {
      if (!lacks_input_.contains(node.id) && !rests_on_cycle_.contains(node.id)) {
        add_problems_of(node);
      }
    }
    return std::move(graph_);
  }

 private:
  // Things that are there without work: architectures, and folders that exist.
  void add_existing() {
    for (const auto& box : recipe_.architectures) {
      makers_[{ThingType::kArchitecture, box.name}] = kNoNode;
    }
    for (const auto& box : recipe_.tokenizers) {
      add_existing_path({ThingType::kTokenizer, box.name}, box);
    }
    for (const auto& box : recipe_.models) {
      add_existing_path({ThingType::kModel, box.name}, box);
    }
  }

  void add_existing_path(const Thing& thing, const Named<ExistingThing>& box) {
    makers_[thing] = kNoNode;
    made_by_[thing] = id_of(thing);
    if (!box.value.path.empty() && !fs::exists(recipe_.resolve(box.value.path))) {
      problems_.add(fmt::format("{}{}.path: there is no {}",
                                place(box.where),
                                id_of(thing),
                                recipe_.resolve(box.value.path).string()));
    }
  }

  void add_nodes() {
    for (const auto& box : recipe_.data) {
      const std::string id = "data." + box.name;
      add_node({.id = id,
                .where = box.where,
                .kind = "data",
                .work_folder = id,
                .process = data_process(box)});
    }
    // Before the processes: each is done as soon as its models are there.
    for (const auto& entry : recipe_.evaluations) {
      if (entry.process != nullptr) {
        add_entry(entry, "evaluation." + entry.name, "evaluation." + entry.name);
      }
    }
    for (const auto& entry : recipe_.processes) {
      if (entry.process ==
          nullptr) {  // already reported; what it would make is not missed a second time
        const ConfigNode* makes = entry.table.find("makes");
        const auto* name = makes != nullptr ? std::get_if<std::string>(&makes->value) : nullptr;
        if (name != nullptr) {
          promised_.insert(*name);
        }
        continue;
      }
      add_entry(entry, "process." + entry.name, entry.name);
    }
  }

  void add_entry(const NamedProcess& entry, const std::string& id, const std::string& work_folder) {
    tables_[id] = entry.table;
    add_node({.id = id,
              .where = entry.where,
              .kind = entry.kind,
              .work_folder = work_folder,
              .process = entry.process});
  }

  void add_node(Node node) {
    const Thing thing = node.process->makes();
    const auto maker = made_by_.find(thing);
    if (maker != made_by_.end()) {
      problems_.add(fmt::format(
          "{}{} and {} both make {}", place(node.where), maker->second, node.id, id_of(thing)));
    } else if (!thing.name.empty()) {
      made_by_[thing] = node.id;
      makers_[thing] = graph_.nodes.size();
    }
    graph_.nodes.push_back(std::move(node));
  }

  void resolve_inputs() {
    for (Node& node : graph_.nodes) {
      for (const Input& input : node.process->inputs()) {
        const auto maker = makers_.find(input.thing);
        if (maker == makers_.end()) {
          lacks_input_.insert(node.id);
          report_unknown_input(node, input);
        } else if (maker->second != kNoNode &&
                   std::find(node.after.begin(), node.after.end(), maker->second) ==
                       node.after.end()) {
          node.after.push_back(maker->second);
        }
      }
    }
  }

  void report_unknown_input(const Node& node, const Input& input) {
    if (promised_.contains(input.thing.name) || input.thing.name.empty()) {
      return;
    }
    const auto table = tables_.find(node.id);
    const ConfigNode* key = table != tables_.end() ? table->second.find(input.key) : nullptr;
    std::vector<std::string> names;
    std::string hint;
    for (const auto& [thing, maker] : makers_) {
      if (thing.type == input.thing.type) {
        names.push_back(thing.name);
      } else if (thing.name == input.thing.name) {
        hint = fmt::format("; {} is a box of another kind: {}", thing.name, id_of(thing));
      }
    }
    if (const auto near = nearest(input.thing.name, names)) {
      hint = fmt::format("; did you mean {}?", *near);
    } else if (hint.empty()) {
      hint = names.empty()
                 ? fmt::format("; the recipe makes and names no {}", type_name(input.thing.type))
                 : fmt::format("; known: {}", fmt::join(names, ", "));
    }
    problems_.add(fmt::format("{}{}.{}: unknown {} {}{}",
                              place(key != nullptr ? key->where : node.where),
                              node.id,
                              input.key,
                              type_name(input.thing.type),
                              input.thing.name,
                              hint));
  }

  // Settings that do not fit those of its inputs; what could not be read of either is left out.
  void add_problems_of(const Node& node) {
    std::vector<std::string> tables{node.id};
    for (const Input& input : node.process->inputs()) {
      const auto maker = made_by_.find(input.thing);
      tables.push_back(maker != made_by_.end() ? maker->second : id_of(input.thing));
    }
    for (const auto& sentence : node.process->problems(recipe_)) {
      const bool is_doubtful = std::any_of(tables.begin(), tables.end(), [&](const auto& table) {
        return problems_.is_doubtful(table, sentence);
      });
      if (!is_doubtful) {
        problems_.add(fmt::format("{}{}: {}", place(node.where), node.id, sentence));
      }
    }
  }

  void sort_nodes() {
    std::vector<std::vector<std::size_t>> after;
    for (const Node& node : graph_.nodes) {
      after.push_back(node.after);
    }
    const internal::Order order = internal::dependency_order(after);
    if (!order.cycle.empty()) {
      report_cycle(order.cycle);
      for (const std::size_t node : order.cycle) {
        add_all_that_rest_on(node);
      }
      return;
    }
    std::vector<std::size_t> rank(after.size());
    std::vector<Node> sorted;
    for (const std::size_t from : order.nodes) {
      rank[from] = sorted.size();
      sorted.push_back(std::move(graph_.nodes[from]));
      for (std::size_t& before : sorted.back().after) {
        before = rank[before];
      }
    }
    graph_.nodes = std::move(sorted);
    for (auto& [thing, maker] : makers_) {
      maker = maker == kNoNode ? kNoNode : rank[maker];
    }
  }

  void add_all_that_rest_on(std::size_t node) {
    if (!rests_on_cycle_.insert(graph_.nodes[node].id).second) {
      return;
    }
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const auto& after = graph_.nodes[i].after;
      if (std::find(after.begin(), after.end(), node) != after.end()) {
        add_all_that_rest_on(i);
      }
    }
  }

  void report_cycle(const std::vector<std::size_t>& cycle) {
    std::vector<std::string> names;
    for (const std::size_t node : cycle) {
      names.push_back(graph_.nodes[node].id);
    }
    names.push_back(names.front());
    problems_.add(fmt::format("{}a cycle: {} (each needs what the next makes)",
                              place(graph_.nodes[cycle.front()].where),
                              fmt::join(names, " -> ")));
  }

  const Recipe& recipe_;
  Problems& problems_;
  Graph graph_;
  std::map<Thing, std::size_t>
      makers_;  // the node that makes a thing; kNoNode where it is there already
  std::map<Thing, std::string> made_by_;      // for messages
  std::map<std::string, ConfigNode> tables_;  // of processes as written, by node id
  std::set<std::string> lacks_input_;         // ids of nodes
  std::set<std::string> rests_on_cycle_;      // the same
  std::set<std::string> promised_;            // names that unreadable processes would have made
};

}  // namespace

const Node* Graph::find(std::string_view id) const {
  const auto node = std::find_if(
      nodes.begin(), nodes.end(), [&](const Node& candidate) { return candidate.id == id; });
  return node != nodes.end() ? &*node : nullptr;
}

std::vector<std::size_t> Graph::up_to(std::size_t node) const {
  std::vector<bool> is_needed(nodes.size(), false);
  is_needed[node] = true;
  std::vector<std::size_t> needed;
  for (std::size_t i = node + 1; i-- > 0;) {  // a node comes after all that it needs
    if (is_needed[i]) {
      needed.push_back(i);
      for (const std::size_t before : nodes[i].after) {
        is_needed[before] = true;
      }
    }
  }
  std::reverse(needed.begin(), needed.end());
  return needed;
}

Graph arrange_graph(const Recipe& recipe, Problems& problems) {
  return Builder(recipe, problems).build();
}

Graph build_graph(const Recipe& recipe, Problems& problems, const RecordedOutside& recorded) {
  Graph graph = arrange_graph(recipe, problems);
  if (problems.empty()) {
    internal::add_hashes(graph, recipe, recorded);
  }
  return graph;
}

}  // namespace rq::pipeline
