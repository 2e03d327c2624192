#pragma once
// What a run says before it begins: what the work that is left will take, and whether that is more
// than the recipe allows without asking.

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/graph.h"
#include "pipeline/ledger.h"
#include "pipeline/prediction.h"
#include "pipeline/recipe.h"
#include "pipeline/run_folder.h"

namespace rq::pipeline::internal {

struct Prospect {
  const Recipe& recipe;
  const Graph& graph;
  const std::vector<std::size_t>& chosen;  // nodes that are to be done
  const RunFolder& folder;
};

// By node. What an earlier run predicted of the same work stands; of the rest `predict` is asked,
// once, and not where nothing is left to ask.
std::map<std::string, Prediction> foresee(const Prospect& prospect, const Predictor& predict);

// What is left by these predictions, less what was spent on work that goes on.
Prediction left_to_do(const Prospect& prospect,
                      const std::map<std::string, Prediction>& predictions,
                      const std::vector<Attempt>& attempts);

// The sentence that asks; empty where the recipe's limits are kept.
std::string question_about(const Prediction& left, const PlanSettings& limits);

}  // namespace rq::pipeline::internal
