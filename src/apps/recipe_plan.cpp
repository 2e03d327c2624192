#include "apps/recipe_plan.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "apps/this_machine.h"
#include "base/files.h"
#include "base/format.h"
#include "generate/engine.h"
#include "plan/device.h"
#include "plan/efficiency.h"
#include "plan/mesh.h"

namespace rq {
namespace {

// Of a processor's limit, before anything is timed: what `rorqual bench train` reaches.
constexpr double kProcessorEfficiency = 0.45;
constexpr double kProcessorGeneration = 0.2;  // in drawing answers, of the models of tiny.toml

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

// What is timed once for all that are nearly alike.
bool is_near(double a, double b) {
  constexpr double kNear = 1.3;
  return a <= kNear * b && b <= kNear * a;
}

bool is_same_network(const plan::Workload& a, const plan::Workload& b) {
  return a.shape.context == b.shape.context && a.shape.width == b.shape.width &&
         a.shape.layers == b.shape.layers;
}

bool is_same_training(const plan::PlannedProcess& one, const plan::PlannedProcess& other) {
  const plan::Workload &a = one.work, &b = other.work;
  return (a.tokens > 0) == (b.tokens > 0) && is_same_network(a, b) &&
         is_near(a.row_tokens, b.row_tokens) && is_near(a.rows.last, b.rows.last) &&
         is_near(a.micro_batch, b.micro_batch) && a.recompute == b.recompute &&
         a.moments == b.moments && a.has_prediction == b.has_prediction;
}

bool is_same_drawing(const plan::PlannedProcess& one, const plan::PlannedProcess& other) {
  const plan::Generation &a = one.work.generation, &b = other.work.generation;
  return (a.answers > 0) == (b.answers > 0) && is_same_network(one.work, other.work) &&
         is_near(one.plan.generation.at_once, other.plan.generation.at_once) &&
         is_near(a.prompt_tokens, b.prompt_tokens) && is_near(a.answer_tokens, b.answer_tokens) &&
         is_near(a.group, b.group) && a.top_p == b.top_p && a.temperature == b.temperature;
}

// Real work of each process whose like was not timed yet, within the time that is allowed.
class Timing {
 public:
  Timing(plan::WholePlan& whole, const PlanQuestion& question) : whole_(whole) {
    plan_all(whole_);
    left_s_ =
        std::min(question.most_timing_s, question.most_timing_share * whole_.totals().seconds);
  }

  void time_all() {
    plan::Device& device = whole_.cluster.device;
    const bool has_programs = std::ranges::any_of(
        whole_.processes, [](const auto& process) { return process.work.generation.programs > 0; });
    device.judging_s = has_programs ? timed_judging_s() : 0;
    for (std::size_t i = 0; i < whole_.processes.size(); ++i) {
      plan::Efficiency& efficiency = whole_.processes[i].efficiency;
      if (whole_.processes[i].work.tokens > 0) {
        efficiency.training =
            share_of(i, training_, &plan::Efficiency::training, is_same_training, timed_efficiency);
      }
      if (whole_.processes[i].work.generation.answers > 0) {
        efficiency.generation = share_of(
            i, generation_, &plan::Efficiency::generation, is_same_drawing, timed_generation);
      }
    }
    whole_.efficiency_origin = origin();
  }

 private:
  // That of a process that is alike, or what is timed now, or the last one.
  template <typename IsSame, typename Time>
  double share_of(std::size_t i,
                  double& nearest,
                  double plan::Efficiency::* part,
                  const IsSame& is_same,
                  const Time& time) {
    const plan::PlannedProcess& process = whole_.processes[i];
    for (std::size_t before = 0; before < i; ++before) {
      if (is_same(whole_.processes[before], process)) {
        return whole_.processes[before].efficiency.*part;
      }
    }
    const auto began = Clock::now();
    const auto share = time(process.work, whole_.cluster.device, nearest, left_s_);
    left_s_ -= std::chrono::duration<double>(Clock::now() - began).count();
    asked_ += 1;
    timed_ += share ? 1 : 0;
    nearest = share.value_or(nearest);
    return nearest;
  }

  std::string origin() const {
    return fmt::format(
        "limit {:.0f} GFLOP/s in float32 products, measured; the share that is reached: timed on a "
        "few steps of {} of {} kinds of work{}",
        1000 * whole_.cluster.device.fp32_tflops,
        timed_,
        asked_,
        timed_ < asked_
            ? fmt::format(", of others that of the one before, {:.0f} % in training and "
                          "{:.0f} % in drawing answers where there is none",
                          100 * kProcessorEfficiency,
                          100 * kProcessorGeneration)
            : "");
  }

  using Clock = std::chrono::steady_clock;
  plan::WholePlan& whole_;
  double left_s_ = 0;
  double training_ = kProcessorEfficiency, generation_ = kProcessorGeneration;
  int timed_ = 0, asked_ = 0;
};

plan::WholePlan plan_on_this(const pipeline::RecipeWorkloads& recipe,
                             const PlanQuestion& question) {
  plan::WholePlan whole{
      .name = recipe.name,
      .cluster = {.name = "this",
                  .device = measure_this_machine(recipe.settings.dollars_per_hour)}};
  const plan::Efficiency efficiency =
      question.efficiency > 0 ? plan::Efficiency(question.efficiency)
                              : plan::Efficiency(kProcessorEfficiency, kProcessorGeneration);
  for (plan::Workload work : recipe.workloads) {
    const generate::EngineConfig engine{
        .cache_tokens = static_cast<std::int64_t>(work.generation.cache_tokens)};
    work.generation.most_at_once = static_cast<double>(engine.most_running);
    work.generation.cache_tokens = static_cast<double>(engine.cache_tokens_for(work.shape.context));
    whole.processes.push_back({work, efficiency, {}});
  }
  if (question.efficiency > 0) {
    whole.efficiency_origin = fmt::format(
        "limit {:.0f} GFLOP/s in float32 products, measured; {:.1f} "
        "% of it are reached, as was asked for",
        1000 * whole.cluster.device.fp32_tflops,
        100 * question.efficiency);
  } else {
    Timing(whole, question).time_all();
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
