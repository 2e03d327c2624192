#include "plan/whole_plan.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/config.h"
#include "plan/search.h"

namespace rq::plan {
namespace {

template <typename Parts>
Json parts_json(Parts parts) {
  Json json = Json::object();
  parts.each([&](std::string_view part, double value) { json[std::string(part)] = value; });
  return json;
}

Json memory_json(const Memory& memory) {
  Json json = parts_json(memory);
  json["total"] = memory.total();
  return json;
}

Json generation_json(const GenerationPlan& generation) {
  return {{"ranks", generation.ranks},
          {"groups", generation.groups},
          {"at_once", generation.at_once},
          {"token_s", generation.token_s},
          {"judging_s", generation.judging_s},
          {"seconds", generation.seconds}};
}

Json process_json(const PlannedProcess& process) {
  const ProcessPlan& plan = process.plan;
  const ParameterCount count = count_parameters(process.work.shape);
  Json recompute = Json::object();
  for (std::size_t i = 0; i < plan.by_recompute.size(); ++i) {
    recompute[std::string(enum_name(static_cast<Recompute>(i)))] =
        memory_json(plan.by_recompute[i]);
  }
  return {{"name", process.work.name},
          {"kind", process.work.kind},
          {"efficiency", process.efficiency.training},
          {"generation_efficiency", process.efficiency.generation},
          {"assumptions", process.work.assumptions},
          {"parameters",
           {{"total", count.total()},
            {"activated", count.activated.total()},
            {"prediction", count.prediction}}},
          {"tokens", all_tokens(process.work)},
          {"flops", plan.flops},
          {"forward_flops_a_token", parts_json(plan.forward)},
          {"mesh", to_json(plan.mesh)},
          {"devices", plan.mesh.devices()},
          {"micro_batch", plan.micro_batch},
          {"memory_bytes", memory_json(plan.memory)},
          {"memory_bytes_by_recompute", recompute},
          {"fits", !plan.misfit.has_value()},
          {"misfit", plan.misfit.value_or("")},
          {"bubble_share", plan.bubble_share},
          {"step_s",
           {{"work", plan.step.work}, {"bubble", plan.step.bubble}, {"links", plan.step.links}}},
          {"sent_bytes_a_step", parts_json(plan.traffic)},
          {"generation", generation_json(plan.generation)},
          {"seconds", plan.seconds},
          {"device_hours", plan.device_hours},
          {"dollars", plan.dollars},
          {"kilowatt_hours", plan.kilowatt_hours}};
}

}  // namespace

Totals WholePlan::totals() const {
  Totals sum;
  for (const PlannedProcess& process : processes) {
    sum.seconds += process.plan.seconds;
    sum.device_hours += process.plan.device_hours;
    sum.dollars += process.plan.dollars;
    sum.kilowatt_hours += process.plan.kilowatt_hours;
    sum.memory_bytes = std::max(sum.memory_bytes, process.plan.memory.total());
  }
  return sum;
}

void plan_all(WholePlan& whole) {
  for (PlannedProcess& process : whole.processes) {
    process.plan = best_plan(process.work, whole.cluster, process.efficiency, whole.wish);
  }
}

WholePlan with_efficiency(const WholePlan& whole, double factor) {
  WholePlan other = whole;
  for (PlannedProcess& process : other.processes) {
    process.efficiency *= factor;
  }
  plan_all(other);
  return other;
}

Json as_json(const WholePlan& whole) {
  Json processes = Json::array(), sensitivity = Json::array();
  for (const PlannedProcess& process : whole.processes) {
    processes.push_back(process_json(process));
  }
  for (const double factor : {0.8, 1.0, 1.25}) {
    const Totals sum = with_efficiency(whole, factor).totals();
    sensitivity.push_back({{"times_efficiency", factor},
                           {"seconds", sum.seconds},
                           {"device_hours", sum.device_hours},
                           {"dollars", sum.dollars}});
  }
  const Totals sum = whole.totals();
  return {{"recipe", whole.name},
          {"device", to_json(whole.cluster.device)},
          {"devices", whole.cluster.devices},
          {"efficiency", whole.efficiency_origin},
          {"processes", processes},
          {"total",
           {{"seconds", sum.seconds},
            {"device_hours", sum.device_hours},
            {"dollars", sum.dollars},
            {"kilowatt_hours", sum.kilowatt_hours},
            {"memory_bytes", sum.memory_bytes}}},
          {"sensitivity", sensitivity}};
}

}  // namespace rq::plan
