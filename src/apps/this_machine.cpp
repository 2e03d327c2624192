#include "apps/this_machine.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "base/format.h"
#include "base/rng.h"
#include "base/threads.h"
#include "kernels/machine_limit.h"
#include "model/model.h"
#include "plan/process_plan.h"
#include "plan/timing.h"
#include "train/objective.h"
#include "train/pretrain.h"
#include "train/trainer.h"

namespace rq {
namespace {

constexpr int kMostTimed = 3;
constexpr double kMemoryForTrial = 0.6;

// Bytes of a field of a file under /proc whose lines are "Name:   123 kB".
double kilobyte_field(const char* path, const std::string& name) {
  std::ifstream file(path);
  for (std::string field, unit; file >> field;) {
    double value = 0;
    if (field == name + ":" && file >> value) {
      return 1024 * value;
    }
    std::getline(file, unit);
  }
  return 0;
}

train::PretrainConfig trial_config(const plan::Workload& work) {
  train::PretrainConfig config;
  config.sequence_length = static_cast<std::int64_t>(work.row_tokens);
  config.tokens = std::numeric_limits<std::int64_t>::max() / 2;
  config.batch.last = std::max<std::int64_t>(static_cast<std::int64_t>(work.rows.last), 1);
  config.micro_batch = static_cast<std::int64_t>(work.micro_batch);
  config.recompute = static_cast<model::Recompute>(work.recompute);
  config.optimizer.method = work.moments == 1 ? optim::Method::kMuon : optim::Method::kAdamW;
  config.mtp_weight.first = work.has_prediction ? config.mtp_weight.first : 0;
  config.ema_decay = work.keeps_average ? 0.999 : 0;
  config.spike_limit = 0;
  return config;
}

Tensor random_rows(const model::ModelConfig& shape, const train::PretrainConfig& config) {
  Rng rng(1, "plan/trial");
  const std::int64_t columns = config.sequence_length + train::extra_tokens(shape);
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(config.batch.last * columns));
  for (std::int32_t& token : tokens) {
    token = static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(shape.vocab_size)));
  }
  return at::tensor(tokens, at::kInt).view({config.batch.last, columns}).to(at::kLong);
}

// Median seconds a step.
double time_steps(const plan::Workload& work, double most_s) {
  using Clock = std::chrono::steady_clock;
  const train::PretrainConfig config = trial_config(work);
  model::Model model = model::make_model(work.shape);
  model::initialize_(model, 1);
  train::Trainer trainer(model, config);
  const Tensor rows = random_rows(work.shape, config);
  std::vector<double> seconds;
  double sum = 0;
  for (int i = 0; i <= kMostTimed && (i < 2 || sum < most_s); ++i) {
    const auto began = Clock::now();
    train::train_on_rows(trainer, model, config, rows);
    const double taken = std::chrono::duration<double>(Clock::now() - began).count();
    sum += taken;
    if (i > 0) {
      seconds.push_back(taken);
    }
  }
  std::ranges::sort(seconds);
  return seconds[seconds.size() / 2];
}

// Whatever the program loads and sets aside for the first step that it ever takes.
void take_one_small_step() {
  plan::Workload work;
  work.row_tokens = 16;
  work.moments = 1;
  work.shape.vocab_size = 64;
  work.shape.width = 32;
  work.shape.layers = 2;
  work.shape.dense_layers = 1;
  work.shape.dense_width = 32;
  work.shape.context = 16;
  work.shape.attention.heads = 2;
  work.shape.attention.query_rank = 0;
  work.shape.attention.kv_rank = work.shape.attention.nope_width = 8;
  work.shape.attention.rope_width = work.shape.attention.value_width = 8;
  work.shape.moe.experts = 4;
  work.shape.moe.top_k = 2;
  work.shape.moe.expert_width = 16;
  work.shape.moe.groups = work.shape.moe.top_groups = 1;
  time_steps(work, 0);
}

}  // namespace

plan::Device measure_this_machine(double dollars_per_hour) {
  take_one_small_step();
  return {.title = fmt::format("this machine, {} threads", threads_for(0)),
          .fp32_tflops = kernels::measure_matmul_flops_per_s() / 1e12,
          .memory_gb = kilobyte_field("/proc/meminfo", "MemTotal") / 1e9,
          .dollars_per_hour = dollars_per_hour,
          .program_gb = kilobyte_field("/proc/self/status", "VmRSS") / 1e9,
          .source = "measured"};
}

std::optional<double> timed_efficiency(const plan::Workload& asked,
                                       const plan::Device& device,
                                       double stand_in,
                                       double most_s) {
  if (asked.tokens == 0) {
    return {};
  }
  const plan::Cluster cluster{.name = "this", .device = device};
  plan::Workload work = asked;  // rows that the recipe only assumes may be longer than the context
  work.row_tokens = std::min(work.row_tokens, static_cast<double>(work.shape.context));
  const plan::ProcessPlan expected = plan::plan_process(work, cluster, {}, stand_in);
  if (2 * expected.step.total() > most_s ||
      expected.memory.total() > kMemoryForTrial * device.memory_bytes()) {
    return {};
  }
  const double at_limit = plan::plan_process(work, cluster, {}, 1).step.total();
  return at_limit / time_steps(work, most_s);
}

}  // namespace rq
