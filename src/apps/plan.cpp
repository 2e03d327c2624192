// rorqual plan: what a recipe takes, before anything is spent on it.

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/recipe_plan.h"
#include "apps/verbs.h"
#include "base/files.h"
#include "base/json.h"
#include "pipeline/kinds/kinds.h"
#include "pipeline/recipe_plan.h"
#include "plan/whole_plan.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAbout =
    "Says what a recipe takes before anything is spent: parameters, operations, memory of the\n"
    "fullest device, the best split over the devices, time, device-hours, money and energy.";
constexpr const char* kFooter =
    "All follows from the recipe and one assumption, the share of the device's peaks that is\n"
    "reached: for accelerators what DeepSeek-V3's pre-training reached; for this machine what a "
    "few\n"
    "real steps of each process reach, which takes a minute at most. docs/plan.md has the "
    "formulas.\n"
    "What the recipe leaves open (lengths of answers, documents of a box) is in its table [plan].\n"
    "\n"
    "  rorqual plan recipes/v3-671b.toml --on h800:2048 --mesh pipeline=16,expert=64\n"
    "  rorqual plan recipes/tiny.toml\n";

struct PlanOptions {
  fs::path recipe = {};
  std::vector<std::string> overrides = {};
  std::string on = "this", mesh = {};
  double efficiency = 0, dollars = -1;
  fs::path devices = {}, json = {};
  bool has_details = false;
};

void plan_recipe(const PlanOptions& options) {
  const auto recipe =
      pipeline::read_workloads(options.recipe, options.overrides, pipeline::all_kinds());
  const plan::WholePlan whole = make_plan(recipe,
                                          {.on = options.on,
                                           .mesh = options.mesh,
                                           .efficiency = options.efficiency,
                                           .dollars_per_hour = options.dollars,
                                           .devices = options.devices});
  std::cout << plan::summary_text(whole);
  if (options.has_details) {
    for (const plan::PlannedProcess& process : whole.processes) {
      std::cout << plan::details_text(process, whole.cluster.device);
    }
  }
  if (!options.json.empty()) {
    write_json(options.json, plan::as_json(whole));
  }
}

}  // namespace

void add_plan(CLI::App& app) {
  const auto options = std::make_shared<PlanOptions>();  // lives as long as the callback
  CLI::App* verb = app.add_subcommand("plan", kAbout);
  verb->add_option("RECIPE", options->recipe, "a TOML file, such as recipes/tiny.toml")->required();
  verb->add_option("--on",
                   options->on,
                   "devices, as h800:2048 (h100, h200, h800, a100, 4090), or this machine: this")
      ->type_name("DEVICE[:COUNT]");
  verb->add_option("--mesh",
                   options->mesh,
                   "fixes axes and the schedule, as pipeline=16,expert=64,schedule=dualpipe")
      ->type_name("AXIS=N,..");
  verb->add_option(
          "--efficiency", options->efficiency, "another share of the peaks, above 0 and at most 1")
      ->check(CLI::Range(1e-6, 1.0));
  verb->add_option(
          "--dollars", options->dollars, "an hour of one device, where it is another price")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--devices", options->devices, "a TOML file with more devices")
      ->type_name("FILE");
  verb->add_option("--set", options->overrides, "sets a key of the recipe; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb->add_flag("--details",
                 options->has_details,
                 "for each process: parameters, operations by part, memory by part and under each "
                 "recomputation, bytes on the links, the step");
  verb->add_option("--json", options->json, "writes all of it into a file")->type_name("FILE");
  verb->footer(kFooter);
  verb->callback([options] { plan_recipe(*options); });
}

}  // namespace rq
