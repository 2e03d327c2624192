#include "apps/this_machine.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "base/format.h"
#include "base/rng.h"
#include "base/tensor_memory.h"
#include "base/threads.h"
#include "generate/engine.h"
#include "kernels/machine_limit.h"
#include "model/model.h"
#include "plan/process_plan.h"
#include "plan/timing.h"
#include "reward/grade.h"
#include "reward/problem_generator.h"
#include "reward/sandbox.h"
#include "train/objective.h"
#include "train/pretrain.h"
#include "train/trainer.h"

namespace rq {
namespace {

constexpr int kMostTimed = 3;
constexpr double kEnough_s = 3;         // of one process's steps, two at least
constexpr double kEnoughTokens = 8192;  // of a step, a row at least
constexpr double kMemoryForTrial = 0.6;
constexpr int kMostDrawn = 12;       // tokens of each answer
constexpr double kMostRead = 8'192;  // tokens of all prompts

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
  const double rows = std::min(work.rows.last, kEnoughTokens / work.row_tokens);
  config.batch.last = std::max<std::int64_t>(static_cast<std::int64_t>(rows), 1);
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
  for (int i = 0; i <= kMostTimed && (i < 2 || sum < std::min(most_s, kEnough_s)); ++i) {
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

// What is timed of an engine: seconds of a step, and to read all prompts before.
struct Drawn {
  double step_s = 0, prompts_s = 0;
};

Drawn time_drawing(generate::Engine& engine, const plan::Generation& drawn, std::int64_t prompt) {
  using Clock = std::chrono::steady_clock;
  Rng rng(1, "plan/drawing");
  const auto answers = std::max<std::int64_t>(std::llround(drawn.at_once), 1),
             group = std::max<std::int64_t>(std::llround(drawn.group), 1);
  // As sure of most tokens as a trained model is: among equals many more would have to be sorted.
  const double temperature = drawn.top_p < 1 && drawn.temperature > 0 ? 0.01 : drawn.temperature;
  std::int64_t begun = 0;
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(prompt));
  for (std::int64_t i = 0; i < answers; ++i) {
    for (std::int32_t& token : tokens) {
      token = i % group > 0 ? token
                            : static_cast<std::int32_t>(rng.below(
                                  static_cast<std::uint64_t>(engine.config().vocab_size)));
    }
    engine.add({.prompt = tokens,
                .sampling = {.temperature = temperature, .top_p = drawn.top_p, .seed = rng.next()},
                .max_tokens = engine.config().context - prompt - 1,
                .on_token = [&begun, is_first = true](const generate::Token&) mutable {
                  begun += std::exchange(is_first, false) ? 1 : 0;
                  return true;
                }});
  }
  const auto began = Clock::now();
  while (begun < answers) {
    engine.step();
  }
  const auto read = Clock::now();
  std::vector<double> seconds;
  for (int i = 0; i < kMostDrawn; ++i) {
    const auto last = Clock::now();
    engine.step();
    seconds.push_back(std::chrono::duration<double>(Clock::now() - last).count());
  }
  std::ranges::sort(seconds);
  return {.step_s = seconds[seconds.size() / 2],
          .prompts_s = std::chrono::duration<double>(read - began).count()};
}

}  // namespace

plan::Device measure_this_machine(double dollars_per_hour) {
  take_one_small_step();
  release_idle_memory();  // as before each box of a run
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
  work.rows.last = static_cast<double>(trial_config(work).batch.last);
  const plan::ProcessPlan expected = plan::plan_process(work, cluster, {}, stand_in);
  if (2 * expected.step.total() > most_s ||
      expected.memory.total() > kMemoryForTrial * device.memory_bytes()) {
    return {};
  }
  const double at_limit = plan::plan_process(work, cluster, {}, 1).step.total();
  return at_limit / time_steps(work, most_s);
}

std::optional<double> timed_generation(const plan::Workload& work,
                                       const plan::Device& device,
                                       double stand_in,
                                       double most_s) {
  const plan::Cluster cluster{.name = "this", .device = device};
  const plan::ProcessPlan expected = plan::plan_process(work, cluster, {}, stand_in);
  if (work.generation.answers == 0 ||
      expected.memory.total() > kMemoryForTrial * device.memory_bytes()) {
    return {};
  }
  // As many answers as are under way on average, all as long as the mean: in a process there are as
  // many steps and prompts to each of its answers.
  plan::Workload trial = work;
  trial.tokens = trial.forward_tokens = 0;
  plan::Generation& drawn = trial.generation;
  drawn.programs = 0;
  drawn.answers = drawn.at_once = expected.generation.at_once;
  drawn.most_tokens = drawn.answer_tokens;
  // Their cache as it is in the middle of an answer; less of it where many are read.
  const double seen = drawn.prompt_tokens + drawn.answer_tokens / 2,
               read = drawn.answers / drawn.group,
               prompt =
                   std::floor(std::min({std::max(seen, 1.0),
                                        std::max(kMostRead / read, 16.0),
                                        static_cast<double>(work.shape.context - kMostDrawn - 2)}));
  plan::Workload tried = trial;
  tried.generation.prompt_tokens = prompt;
  tried.generation.answer_tokens = tried.generation.most_tokens = kMostDrawn + 1;
  if (prompt < 1 || plan::plan_process(tried, cluster, {}, stand_in).seconds > most_s) {
    return {};
  }
  model::Model model = model::make_model(work.shape);
  model::initialize_(model, 1);
  const auto began = std::chrono::steady_clock::now();
  generate::Engine engine(model, {});
  const double made_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const Drawn timed = time_drawing(engine, drawn, static_cast<std::int64_t>(prompt));
  double taken =
      timed.prompts_s * drawn.prompt_tokens / prompt + timed.step_s * drawn.answer_tokens;
  if (work.generation.at_once > 0) {  // each step makes an engine, for all tokens of its longest
    taken += made_s * drawn.answer_tokens / work.generation.most_tokens;
  }
  return plan::plan_process(trial, cluster, {}, 1).generation.seconds / taken;
}

double timed_judging_s() {
  const reward::Problem problem = reward::draw_problem("list-function", 1, 1, 0);
  const std::string answer = reward::written_answer(problem.domain, problem.answer);
  const reward::Sandbox sandbox;
  const auto programs = static_cast<std::size_t>(4 * threads_for(0));
  const auto began = std::chrono::steady_clock::now();
  try {
    for_each_index(
        programs, threads_for(0), [&](std::size_t) { reward::grade(problem, answer, sandbox); });
  } catch (const MachineError&) {
    return 0;  // the work that needs the sandbox will say what it lacks
  }
  const auto ended = std::chrono::steady_clock::now();
  return std::chrono::duration<double>(ended - began).count() / static_cast<double>(programs);
}

}  // namespace rq
