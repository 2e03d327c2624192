#pragma once
// A recipe's plan on devices or on this machine; `plan` shows it, `run` begins with it.

#include <filesystem>
#include <string>

#include "pipeline/recipe_plan.h"
#include "plan/whole_plan.h"

namespace rq {

struct PlanQuestion {
  std::string on = "this";             // or "h800:2048"
  std::string mesh = {};               // axes that are fixed
  double efficiency = 0;               // of all processes; 0: as is known or timed
  double dollars_per_hour = -1;        // of a device; below 0: as is known
  std::filesystem::path devices = {};  // more of them
  // Of what the work is expected to take, at most this goes to timing steps on this machine.
  double most_timing_s = 60;
  double most_timing_share = 1;
};

// Prints nothing. An Error where the devices or the mesh are none.
plan::WholePlan make_plan(const pipeline::RecipeWorkloads& recipe, const PlanQuestion& question);

}  // namespace rq
