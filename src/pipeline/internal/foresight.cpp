#include "pipeline/internal/foresight.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/progress.h"

namespace rq::pipeline::internal {

namespace fs = std::filesystem;

namespace {

constexpr double kSecondsAnHour = 3600;

// What the last run predicted, of nodes that are the same today.
std::map<std::string, Prediction> earlier(const Prospect& prospect) {
  std::map<std::string, Prediction> found;
  try {
    for (const PlannedNode& before : prospect.folder.read_plan()) {
      const Node* const node = prospect.graph.find(before.id);
      if (node != nullptr && node->hash == before.hash && before.prediction.wall_s > 0) {
        found[before.id] = before.prediction;
      }
    }
  } catch (const Error&) {
    return {};  // no run yet, or one of a version that wrote something else
  }
  return found;
}

// The recipe with what is done of it: lengths and counts that need not be assumed any more.
Recipe with_what_is_there(const Prospect& prospect) {
  Recipe recipe = prospect.recipe;
  use_existing_vocabulary(recipe);
  std::vector<std::string> boxes;
  for (const Node& node : prospect.graph.nodes) {
    if (prospect.folder.state(node).progression != Progression::kDone) {
      continue;
    }
    const Thing thing = node.process->makes();
    if (thing.type == ThingType::kTokenizer && recipe.known.vocabulary == nullptr) {
      recipe.known.vocabulary = std::make_shared<tokenizer::Tokenizer>(
          tokenizer::Tokenizer::load(prospect.folder.output(node) / "tokenizer.json"));
    } else if (thing.type == ThingType::kData) {
      boxes.push_back(thing.name);
    }
  }
  std::map<std::string, Known::Box> known;
  for (const std::string& name : boxes) {
    const fs::path folder = prospect.folder.root() / place_of({ThingType::kData, name});
    try {
      known[name] = look_into(folder, recipe.content_of(name), recipe.token_count());
    } catch (const Error&) {  // the work that reads it will say what is wrong with it
    }
  }
  recipe.known.boxes = std::move(known);
  return recipe;
}

}  // namespace

std::map<std::string, Prediction> foresee(const Prospect& prospect, const Predictor& predict) {
  std::map<std::string, Prediction> predictions = earlier(prospect);
  if (!predict) {
    return predictions;
  }
  std::vector<const Node*> unknown;
  for (const std::size_t i : prospect.chosen) {
    const Node& node = prospect.graph.nodes[i];
    if (!predictions.contains(node.id) &&
        prospect.folder.state(node).progression != Progression::kDone) {
      unknown.push_back(&node);
    }
  }
  if (unknown.empty()) {
    return predictions;
  }
  const Recipe recipe = with_what_is_there(prospect);
  RecipeWorkloads open{.name = recipe.name, .settings = recipe.plan};
  for (const Node* const node : unknown) {
    if (auto work = workload_of(*node, recipe)) {
      open.workloads.push_back(std::move(*work));
    }
  }
  if (!open.workloads.empty()) {
    predictions.merge(predict(open));
  }
  return predictions;
}

Prediction left_to_do(const Prospect& prospect,
                      const std::map<std::string, Prediction>& predictions,
                      const std::vector<Attempt>& attempts) {
  Prediction left;
  for (const std::size_t i : prospect.chosen) {
    const Node& node = prospect.graph.nodes[i];
    const auto found = predictions.find(node.id);
    if (found == predictions.end() ||
        prospect.folder.state(node).progression == Progression::kDone) {
      continue;
    }
    double spent_s = 0;
    for (const Attempt& attempt : attempts) {
      spent_s += attempt.node == node.id && attempt.hash == node.hash ? attempt.cost.wall_s : 0;
    }
    const Prediction& whole = found->second;
    const double share = whole.wall_s > 0 ? std::max(1 - spent_s / whole.wall_s, 0.0) : 1;
    left.wall_s += share * whole.wall_s;
    left.dollars += share * whole.dollars;
    left.peak_memory_bytes = std::max(left.peak_memory_bytes, whole.peak_memory_bytes);
  }
  return left;
}

std::string question_about(const Prediction& left, const PlanSettings& limits) {
  std::vector<std::string> reasons;
  if (limits.ask_above_hours > 0 && left.wall_s > limits.ask_above_hours * kSecondsAnHour) {
    reasons.push_back(fmt::format(
        "{}, above plan.ask_above_hours={}", format_duration(left.wall_s), limits.ask_above_hours));
  }
  if (limits.ask_above_dollars > 0 && left.dollars > limits.ask_above_dollars) {
    reasons.push_back(fmt::format(
        "{:.2f} dollars, above plan.ask_above_dollars={}", left.dollars, limits.ask_above_dollars));
  }
  return reasons.empty() ? "" : fmt::format("it will take about {}", fmt::join(reasons, ", and "));
}

}  // namespace rq::pipeline::internal
