#include "plan/process_plan.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace rq::plan {
namespace {

constexpr double kSecondsAnHour = 3600;
constexpr int kRampSlices = 16;
// Of a device's memory; the rest is for what lies badly.
constexpr double kUsable = 0.95;

double program_bytes(const Device& device) {
  return 1e9 * device.program_gb;
}

// Steps of a batch size.
struct Slice {
  double rows = 0, steps = 0;
};

// The ramp in slices of equal tokens, each with the batch size at its middle; then the rest.
std::vector<Slice> slices_of(const Workload& work) {
  const Rows& rows = work.rows;
  const double ramp = rows.first > 0 ? std::min(rows.ramp_tokens, work.tokens) : 0;
  std::vector<Slice> slices;
  for (int i = 0; ramp > 0 && i < kRampSlices; ++i) {
    const double done = ramp * (i + 0.5) / kRampSlices;
    const double count = rows.first + (rows.last - rows.first) * done / rows.ramp_tokens;
    slices.push_back({count, ramp / kRampSlices / (count * work.row_tokens)});
  }
  slices.push_back({rows.last, (work.tokens - ramp) / (rows.last * work.row_tokens)});
  return slices;
}

void plan_training(ProcessPlan& plan, const Workload& work, const Machine& machine) {
  double bubble = 0;
  for (const Slice& slice : slices_of(work)) {
    const StepSeconds step = step_seconds(work, plan.mesh, machine, slice.rows);
    plan.training_s += slice.steps * step.total();
    bubble += slice.steps * step.bubble;
  }
  plan.bubble_share = plan.training_s > 0 ? bubble / plan.training_s : 0;
  plan.step = step_seconds(work, plan.mesh, machine, work.rows.last);
  plan.traffic = step_traffic(work, plan.mesh, machine.device, machine.formats, work.rows.last);
  plan.micro_batch = micro_batch_of(work, plan.mesh.devices() == 1, work.rows.last);
  const double batches = micro_batches(plan.mesh, work.rows.last, plan.micro_batch);
  for (std::size_t i = 0; i < plan.by_recompute.size(); ++i) {
    Workload other = work;
    other.recompute = static_cast<Recompute>(i);
    plan.by_recompute[i] =
        training_memory(other, plan.mesh, machine.formats, {plan.micro_batch, batches});
    plan.by_recompute[i].program = program_bytes(machine.device);
  }
  plan.memory = plan.by_recompute[static_cast<std::size_t>(work.recompute)];
}

// The share of the routed experts that so many tokens visit between them.
double touched_experts(const model::MoeConfig& moe, double tokens) {
  const double missed = 1 - static_cast<double>(moe.top_k) / static_cast<double>(moe.experts);
  return 1 - std::pow(missed, tokens);
}

// Seconds of a group for one more token of so many answers: reading the weights that they visit and
// their caches, or the operations, whichever takes longer.
double token_seconds(const Workload& work, const Machine& machine, double ranks, double answers) {
  const ParameterCount count = count_parameters(work.shape);
  const Generation& generation = work.generation;
  const double seen = generation.prompt_tokens + generation.answer_tokens / 2;
  const Memory memory = generation_memory(work, machine.formats, 1, answers);
  const double a_parameter = memory.weights / static_cast<double>(count.total());
  const double experts = static_cast<double>(count.stored.experts);
  double read = a_parameter * static_cast<double>(count.stored.total() - count.stored.experts);
  if (experts > 0) {
    read += a_parameter * experts * touched_experts(work.shape.moe, answers);
  }
  read += answers * seen * static_cast<double>(cache_bytes(work.shape, 1)) * machine.formats.cached;
  const double flops = answers * forward_flops(work.shape, static_cast<int64_t>(2 * seen));
  const double bytes_per_s = 1e9 * machine.device.memory_gb_per_s;
  return std::max(bytes_per_s > 0 ? read / bytes_per_s : 0,
                  flops / machine.device.matrix_flops_per_s()) /
         (ranks * machine.efficiency.generation);
}

// The fewest devices, a power of two, that hold the network with one answer each.
double ranks_that_hold(const Workload& work, const Formats& formats, const Cluster& cluster) {
  double ranks = 1;
  const double usable = kUsable * cluster.device.memory_bytes() - program_bytes(cluster.device);
  while (ranks < static_cast<double>(cluster.devices) &&
         generation_memory(work, formats, ranks, ranks).total() > usable) {
    ranks *= 2;
  }
  return ranks;
}

// While answers are drawn: of a training weights and the optimizer's lie there too.
Memory drawing_memory(const ProcessPlan& plan,
                      const Workload& work,
                      const Machine& machine,
                      double in_group) {
  const Generation& generation = work.generation;
  const bool remembers_all = generation.cache_tokens > 0 && generation.at_once == 0;
  Memory memory = generation_memory(
      work, machine.formats, plan.generation.ranks, remembers_all ? generation.answers : in_group);
  if (work.tokens > 0) {
    const double packed = machine.formats.packed_weight /
                          (machine.formats.packed_weight + machine.formats.read_weight);
    memory.weights = plan.memory.weights + packed * memory.weights;
    memory.optimizer = plan.memory.optimizer;
  }
  memory.program = program_bytes(machine.device);
  return memory;
}

void plan_generation(ProcessPlan& plan,
                     const Workload& work,
                     const Cluster& cluster,
                     const Machine& machine) {
  const Generation& generation = work.generation;
  GenerationPlan& drawn = plan.generation;
  const auto devices = static_cast<double>(plan.mesh.devices());
  drawn.ranks = std::min(ranks_that_hold(work, machine.formats, cluster), devices);
  drawn.groups = std::floor(devices / drawn.ranks);
  const Memory empty = generation_memory(work, machine.formats, drawn.ranks, 0),
               one = generation_memory(work, machine.formats, drawn.ranks, 1);
  const double room =
      kUsable * cluster.device.memory_bytes() - program_bytes(cluster.device) - empty.total();
  const double fits = std::max(std::floor(room / std::max(one.caches, 1.0)), 1.0);
  const double begun = generation.at_once > 0 ? generation.at_once
                       : generation.most_at_once > 0
                           ? std::min(generation.answers, generation.most_at_once)
                           : generation.answers,
               in_group = std::max(std::min(begun / drawn.groups, fits), 1.0);
  const double rounds = std::max(generation.answers / (in_group * drawn.groups), 1.0);
  // Answers of a step begin together and the longest ends it; where there is no step, others take
  // the places of those that have ended, and the longest ends the last.
  const double tokens = generation.at_once > 0
                            ? rounds * generation.most_tokens
                            : (rounds - 1) * generation.answer_tokens + generation.most_tokens;
  drawn.at_once =
      std::max(in_group * rounds * generation.answer_tokens / std::max(tokens, 1.0), 1.0);
  drawn.token_s = token_seconds(work, machine, drawn.ranks, drawn.at_once);
  drawn.seconds = tokens * drawn.token_s;
  const PassSeconds pass = pass_seconds(work, machine.device, machine.efficiency.generation);
  drawn.seconds += generation.answers * generation.prompt_tokens * pass.forward / devices;
  drawn.judging_s = generation.answers * generation.programs * machine.device.judging_s / devices;
  drawn.seconds += drawn.judging_s;
  const Memory memory = drawing_memory(plan, work, machine, in_group);
  if (memory.total() > plan.memory.total()) {
    plan.memory = memory;
  }
}

}  // namespace

double all_tokens(const Workload& work) {
  return work.tokens + work.generation.answers * work.generation.answer_tokens;
}

double model_flops(const Workload& work) {
  const FlopsByPart forward = forward_flops_by_part(work.shape, work.row_tokens);
  const double predicted = forward.prediction + forward.prediction_scores + forward.prediction_head;
  const double plain = forward.total() - predicted;
  const double trained = work.has_prediction ? forward.total() : plain;
  const Generation& generation = work.generation;
  const double passed = work.forward_tokens +
                        generation.answers * (generation.prompt_tokens + generation.answer_tokens);
  return 3 * work.tokens * trained + passed * plain;
}

double Workload::steps() const {
  double sum = 0;
  for (const Slice& slice : slices_of(*this)) {
    sum += slice.steps;
  }
  return sum;
}

ProcessPlan plan_process(const Workload& work,
                         const Cluster& cluster,
                         const Mesh& mesh,
                         const Efficiency& efficiency) {
  const Formats formats = formats_of(cluster.device);
  const Machine machine{cluster.device, formats, efficiency};
  ProcessPlan plan{.mesh = mesh, .forward = forward_flops_by_part(work.shape, work.row_tokens)};
  plan.flops = model_flops(work);
  const auto devices = static_cast<double>(mesh.devices());
  if (work.tokens > 0) {
    plan_training(plan, work, machine);
  }
  if (work.generation.answers > 0) {
    plan_generation(plan, work, cluster, machine);
  }
  plan.reading_s = work.forward_tokens *
                   pass_seconds(work, cluster.device, efficiency.training).forward / devices;
  plan.misfit = first_that_does_not_fit(plan.memory, cluster.device.memory_bytes());
  plan.seconds = plan.training_s + plan.reading_s + plan.generation.seconds;
  plan.device_hours = plan.seconds * devices / kSecondsAnHour;
  plan.dollars = plan.device_hours * cluster.device.dollars_per_hour + work.dollars;
  plan.kilowatt_hours = plan.device_hours * cluster.device.kilowatts();
  return plan;
}

}  // namespace rq::plan
