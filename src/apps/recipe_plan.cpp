#include "apps/recipe_plan.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/this_machine.h"
#include "base/files.h"
#include "base/format.h"
#include "plan/device.h"
#include "plan/efficiency.h"
#include "plan/mesh.h"

namespace rq {
namespace {

// Of a processor's limit, before anything is timed: what `rorqual bench train` reaches.
constexpr double kProcessorEfficiency = 0.45;

plan::WholePlan plan_on_devices(const pipeline::RecipeWorkloads& recipe,
                                const PlanQuestion& question) {
  auto devices = plan::known_devices();
  if (!question.devices.empty()) {
    auto others = plan::read_devices(read_file(question.devices), question.devices.string());
    devices.insert(devices.begin(), others.begin(), others.end());  // the first of a name is found
  }
  plan::WholePlan whole{.name = recipe.name, .cluster = plan::parse_cluster(question.on, devices)};
  const double efficiency =
      question.efficiency > 0 ? question.efficiency : plan::published_efficiency();
  whole.efficiency_origin =
      fmt::format("{:.1f} % of the peaks are reached: {}",
                  100 * efficiency,
                  question.efficiency > 0 ? "as was asked for"
                                          : "what DeepSeek-V3's pre-training took (2,664K H800 "
                                            "hours); all else follows from configs");
  for (const plan::Workload& work : recipe.workloads) {
    whole.processes.push_back({work, efficiency, {}});
  }
  return whole;
}

bool is_same_training(const plan::Workload& a, const plan::Workload& b) {
  return a.row_tokens == b.row_tokens && a.rows.last == b.rows.last &&
         a.micro_batch == b.micro_batch && a.recompute == b.recompute && a.moments == b.moments &&
         a.shape.context == b.shape.context && a.shape.width == b.shape.width &&
         a.shape.layers == b.shape.layers && a.has_prediction == b.has_prediction;
}

// Real steps of each process whose shapes were not timed yet, within the time that is allowed.
void time_processes(plan::WholePlan& whole, const PlanQuestion& question) {
  const plan::Device& device = whole.cluster.device;
  plan_all(whole);
  const double expected = whole.totals().seconds;
  double left = std::min(question.most_timing_s, question.most_timing_share * expected);
  double nearest = kProcessorEfficiency;
  std::size_t timed = 0;
  for (std::size_t i = 0; i < whole.processes.size(); ++i) {
    plan::PlannedProcess& process = whole.processes[i];
    const auto like =
        std::find_if(whole.processes.begin(),
                     whole.processes.begin() + static_cast<std::ptrdiff_t>(i),
                     [&](const auto& other) { return is_same_training(other.work, process.work); });
    if (like != whole.processes.begin() + static_cast<std::ptrdiff_t>(i)) {
      process.efficiency = like->efficiency;
      continue;
    }
    process.efficiency = nearest;
    const auto share = timed_efficiency(process.work, device, process.efficiency, left);
    if (share) {
      process.efficiency = nearest = *share;
      left -= 3 * plan::plan_process(process.work, whole.cluster, {}, *share).step.total();
      ++timed;
    }
  }
  whole.efficiency_origin = fmt::format(
      "limit {:.0f} GFLOP/s in float32 products, measured; the share that is reached: timed on a "
      "few "
      "steps of {} of {} processes{}",
      1000 * device.fp32_tflops,
      timed,
      whole.processes.size(),
      timed < whole.processes.size()
          ? fmt::format(", of others that of the one before, {:.0f} % where there is none",
                        100 * kProcessorEfficiency)
          : "");
}

plan::WholePlan plan_on_this(const pipeline::RecipeWorkloads& recipe,
                             const PlanQuestion& question) {
  plan::WholePlan whole{
      .name = recipe.name,
      .cluster = {.name = "this",
                  .device = measure_this_machine(recipe.settings.dollars_per_hour)}};
  const double efficiency = question.efficiency > 0 ? question.efficiency : kProcessorEfficiency;
  for (const plan::Workload& work : recipe.workloads) {
    whole.processes.push_back({work, efficiency, {}});
  }
  if (question.efficiency > 0) {
    whole.efficiency_origin = fmt::format(
        "limit {:.0f} GFLOP/s in float32 products, measured; {:.1f} "
        "% of it are reached, as was asked for",
        1000 * whole.cluster.device.fp32_tflops,
        100 * efficiency);
  } else {
    time_processes(whole, question);
  }
  return whole;
}

}  // namespace

plan::WholePlan make_plan(const pipeline::RecipeWorkloads& recipe, const PlanQuestion& question) {
  plan::WholePlan whole =
      question.on == "this" ? plan_on_this(recipe, question) : plan_on_devices(recipe, question);
  if (question.dollars_per_hour >= 0) {
    whole.cluster.device.dollars_per_hour = question.dollars_per_hour;
  }
  whole.wish = plan::parse_mesh(question.mesh);
  plan_all(whole);
  return whole;
}

}  // namespace rq
