#include "pipeline/flow.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/progress.h"
#include "pipeline/process.h"
#include "plan/parameters.h"

namespace rq::pipeline {
namespace {

using report::FlowBox;
using report::Shape;

Shape shape_of(ThingType type) {
  switch (type) {
    case ThingType::kModel:
      return Shape::kModel;
    case ThingType::kTokenizer:
      return Shape::kTokenizer;
    default:
      return Shape::kData;
  }
}

// Inputs that are no material: what is kept clear of, looked up, or counted.
bool is_side_key(std::string_view key) {
  constexpr std::array<std::string_view, 5> kSideKeys = {
      "training", "without_heldout_of", "clear_of", "needle.haystack", "source.recall.from"};
  return std::ranges::find(kSideKeys, key) != kSideKeys.end();
}

// "671.0B, 37.6B active", or nothing where the shape cannot be known.
std::vector<std::string> model_figures(const Recipe& recipe, const std::string& name) {
  try {
    const auto config = recipe.model_config(name);
    if (!config) {
      return {};
    }
    const plan::ParameterCount count = plan::count_parameters(*config);
    const auto all = static_cast<double>(count.stored.total());
    const auto active = static_cast<double>(count.activated.total());
    return {active < all ? fmt::format("{}, {} active", format_count(all), format_count(active))
                         : format_count(all)};
  } catch (const Error&) {  // an existing folder that is not there, or another's
    return {};
  }
}

std::vector<std::string> data_figures(const Recipe& recipe, const std::string& name) {
  const data::DataConfig* const box = recipe.data_config(name);
  if (box == nullptr) {
    return {};
  }
  const data::SourceConfig& source = box->source;
  const std::int64_t count =
      source.generator.count + source.recall.count + source.continuation.count + source.asked.count;
  if (count == 0) {
    return {};
  }
  const std::string_view what = source.asked.count > 0 ? "problems" : "documents";
  return {fmt::format("{} {}", format_count(static_cast<double>(count)), what)};
}

std::vector<std::string> process_figures(const Recipe& recipe, const Process& process) {
  try {
    const double tokens = process.estimate(recipe).tokens;
    return tokens > 0 ? std::vector{format_count(tokens) + " tokens"} : std::vector<std::string>();
  } catch (const Error&) {  // what it starts from is not there
    return {};
  }
}

class Drawing {
 public:
  Drawing(const Recipe& recipe, const Graph& graph)
      : recipe_(recipe), graph_(graph), is_sorted_(is_sorted(graph)) {}

  report::Flow draw() {
    flow_.title = fmt::format("The flow of {}", recipe_.name);
    for (const Node& node : graph_.nodes) {
      add_work(node);
    }
    for (const Node& node : graph_.nodes) {
      add_arrows(node);
    }
    return std::move(flow_);
  }

 private:
  std::size_t add(FlowBox box) {
    const auto [known, is_new] = places_.try_emplace(box.id, flow_.boxes.size());
    if (is_new) {
      flow_.boxes.push_back(std::move(box));
    }
    return known->second;
  }

  std::size_t add_thing(const Thing& thing, report::State state) {
    return add({.id = id_of(thing),
                .name = thing.name,
                .shape = shape_of(thing.type),
                .state = state,
                .figures = figures_of(thing)});
  }

  // What a model is follows from what it is made of, which has no end where that goes in a circle.
  static bool is_sorted(const Graph& graph) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      if (std::ranges::any_of(graph.nodes[i].after,
                              [&](std::size_t before) { return before >= i; })) {
        return false;
      }
    }
    return true;
  }

  std::vector<std::string> figures_of(const Thing& thing) const {
    switch (thing.type) {
      case ThingType::kModel:
        return is_sorted_ ? model_figures(recipe_, thing.name) : std::vector<std::string>();
      case ThingType::kData:
        return data_figures(recipe_, thing.name);
      default:
        return {};
    }
  }

  // A data box is its own work, and so is an evaluation; a process and what it makes are two boxes.
  void add_work(const Node& node) {
    if (node.kind != "data") {
      add({.id = node.id,
           .name = node.id.substr(node.id.find('.') + 1),
           .shape = Shape::kProcess,
           .state = report::State::kWaiting,
           .figures =
               is_sorted_ ? process_figures(recipe_, *node.process) : std::vector<std::string>()});
    }
    if (!node.process->makes().name.empty()) {
      add_thing(node.process->makes(), report::State::kWaiting);
    }
  }

  void add_arrows(const Node& node) {
    const auto work = places_.find(node.id);
    if (work == places_.end()) {
      return;
    }
    for (const Input& input : node.process->inputs()) {
      if (input.thing.type == ThingType::kArchitecture || input.thing.name.empty()) {
        continue;  // an architecture is the process's own settings, written apart
      }
      // What no work makes is there already, or unknown: its maker would have been added before.
      const std::size_t from = add_thing(input.thing, report::State::kGiven);
      add_arrow({.from = from,
                 .to = work->second,
                 .is_side = is_side_key(input.key) || node.kind == "tokenizer"});
    }
    const auto made = places_.find(id_of(node.process->makes()));
    if (made != places_.end() && made->second != work->second) {
      flow_.arrows.push_back({.from = work->second, .to = made->second});
    }
  }

  // Once, as material where it is both.
  void add_arrow(const report::FlowArrow& arrow) {
    for (report::FlowArrow& known : flow_.arrows) {
      if (known.from == arrow.from && known.to == arrow.to) {
        known.is_side = known.is_side && arrow.is_side;
        return;
      }
    }
    flow_.arrows.push_back(arrow);
  }

  const Recipe& recipe_;
  const Graph& graph_;
  bool is_sorted_;
  report::Flow flow_;
  std::map<std::string, std::size_t> places_;  // of boxes, by id
};

}  // namespace

report::Flow describe_flow(const Recipe& recipe, const Graph& graph) {
  return Drawing(recipe, graph).draw();
}

}  // namespace rq::pipeline
