#pragma once
// What a run says beforehand that a piece of work will take; kept beside what it then took.

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "pipeline/recipe_plan.h"

namespace rq::pipeline {

// All 0 where nothing was predicted.
struct Prediction {
  double wall_s = 0;  // of the whole node, however many attempts
  int64_t peak_memory_bytes = 0;
  double dollars = 0;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("predicted_wall_s", wall_s);
    visit("predicted_peak_memory_bytes", peak_memory_bytes);
    visit("predicted_dollars", dollars);
  }
};

// By the names of the workloads, which are ids of nodes.
using Predictor = std::function<std::map<std::string, Prediction>(const RecipeWorkloads&)>;

}  // namespace rq::pipeline
