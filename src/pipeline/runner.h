#pragma once
// Runs a recipe: all checks first, then each node that is not done, in order; what is done stays
// done.

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/prediction.h"
#include "pipeline/process.h"

namespace rq::pipeline {

struct RunOptions {
  std::filesystem::path recipe = {};
  std::vector<std::string> overrides = {};  // "process.pretrain.steps=100"
  std::string until =
      {};  // a process, or a box such as data.prose: only it and what it needs; empty: everything
  bool is_dry_run = false;                           // checks and says the plan, and writes nothing
  std::filesystem::path run_dir = {};                // empty: runs/<recipe's name>
  std::filesystem::path cache = {};                  // of fetched packages
  std::vector<std::string> command = {};             // the words that started it, for the record
  std::map<std::string, std::string> versions = {};  // of libraries, for the record
  std::function<void(std::string_view)> say = [](std::string_view) {};  // a line for the user
  std::function<void()> settle = [] {};  // called before each node: earlier ones' memory goes back
  Predictor predict = {};                // what the work will take; empty: nothing is predicted
  // Whether to begin all the same where more is predicted than the recipe's [plan] allows.
  std::function<bool(std::string_view question)> agree = [](std::string_view) { return false; };
};

// Throws one Error with all problems of the recipe before any work; an Error where another process
// uses the run folder or it cannot be written, or where nobody agrees to what the plan says;
// Interrupted when asked to stop, once all is saved; Waiting where people must act before the rest
// can be done; and whatever a process throws, its name in front. The same options continue a run
// that stopped, failed or was killed.
void run_recipe(const RunOptions& options, const Registry& registry);

}  // namespace rq::pipeline
