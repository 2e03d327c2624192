// Claim: one training step of a small DeepSeek-V3-style model takes less time than transformers'
// DeepseekV3ForCausalLM needs for it (eager, and through torch.compile), at 1.3 times its speed or
// more, and no more memory; with the same weights, batch and optimizer.

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "base/json.h"
#include "base/rng.h"
#include "bench/benches.h"
#include "bench/peer.h"
#include "bench/small_v3.h"
#include "kernels/machine_limit.h"
#include "model/hf_weights.h"
#include "model/model.h"
#include "plan/flops.h"
#include "train/pretrain.h"
#include "train/trainer.h"

namespace rq::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kWarmUps = 2;
constexpr int kRepeats = 7;
constexpr std::int64_t kBatch = 16;
constexpr std::int64_t kLength = 256;
constexpr double kRate = 1e-3;
constexpr double kLossTolerance =
    1e-3;  // of the losses of all steps, which start from the same weights

// Rows of the one batch that both sides train on again and again.
std::vector<std::int32_t> random_tokens(std::int64_t vocabulary) {
  Rng rng(1, "bench/train");
  std::vector<std::int32_t> tokens(kBatch * (kLength + 1));
  for (std::int32_t& token : tokens) {
    token = static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(vocabulary)));
  }
  return tokens;
}

struct Measured {
  std::vector<double> losses, seconds;
  double peak_mib = 0;
};

// What both sides do: AdamW, clipping, no balance loss and no bias step, which transformers has
// not.
Measured train_ours(const Tensor& rows, model::Model& model) {
  train::PretrainConfig config;
  config.sequence_length = kLength;
  config.tokens = int64_t{1} << 40;
  config.balance_weight = 0;
  config.spike_limit = 0;
  config.batch.last = kBatch;
  config.bias_step.first = 0;
  config.learning_rate.peak = kRate;
  train::Trainer trainer(model, config);
  Measured measured;
  for (int i = 0; i < kWarmUps + kRepeats; ++i) {
    const auto began = std::chrono::steady_clock::now();
    measured.losses.push_back(train::train_on_rows(trainer, model, config, rows).next_token);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - began;
    if (i >= kWarmUps) {
      measured.seconds.push_back(taken.count());
    }
  }
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  measured.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  return measured;
}

Measured train_theirs(const fs::path& folder, std::string_view way) {
  const Json reply =
      ask_peer("peer_train.py",
               fmt::format("'{}' {} {} {} {}", folder.string(), way, kWarmUps, kRepeats, kRate));
  return {.losses = reply["losses"].get<std::vector<double>>(),
          .seconds = reply["seconds"].get<std::vector<double>>(),
          .peak_mib = reply["peak_mib"].get<double>()};
}

void check_same(const Measured& ours, const Measured& theirs, std::string_view way) {
  for (std::size_t i = 0; i < ours.losses.size(); ++i) {
    check(std::abs(ours.losses[i] - theirs.losses.at(i)) < kLossTolerance,
          "step {}: our loss is {}, that of transformers ({}) is {}",
          i + 1,
          ours.losses[i],
          way,
          theirs.losses[i]);
  }
}

void print_row(std::string_view who,
               const Measured& measured,
               double flops_per_s,
               const Measured& ours) {
  const double rate = static_cast<double>(kBatch * kLength) / median(measured.seconds);
  const auto [least, most] = std::ranges::minmax(measured.seconds);
  const double flops = plan::training_flops(small_v3(kLength), kLength);
  fmt::print(
      "  {:<24} {:8.0f} tokens/s  {:3.0f}% of the limit  {:6.0f} MiB  {:.2f}x  (steps {:.3f} to "
      "{:.3f} s)\n",
      who,
      rate,
      100 * rate * flops / flops_per_s,
      measured.peak_mib,
      median(measured.seconds) / median(ours.seconds),
      least,
      most);
}

}  // namespace

void bench_train(std::span<const std::string> arguments) {
  check(arguments.empty(), "bench train takes no argument, got {}", fmt::join(arguments, " "));
  const model::ModelConfig shape = small_v3(kLength);
  const double limit = kernels::measure_matmul_flops_per_s();
  const fs::path folder =
      fs::temp_directory_path() / fmt::format("rorqual-bench-train-{}", ::getpid());
  model::Model model = model::make_model(shape);
  model::initialize_(model, 1);
  const std::vector<std::int32_t> tokens = random_tokens(shape.vocab_size);
  model::save_model(folder, model);
  write_json(folder / "tokens.json", Json(tokens));

  const Tensor rows = at::tensor(tokens, at::kInt).view({kBatch, kLength + 1}).to(at::kLong);
  const Measured ours = train_ours(rows, model);
  fmt::print(
      "{} rows of {} tokens, AdamW, medians of {} steps; the limit is {:.0f} GFLOP/s in float32 "
      "products\n",
      kBatch,
      kLength,
      kRepeats,
      limit / 1e9);
  print_row("rorqual", ours, limit, ours);
  for (const std::string_view way : {"eager", "compile"}) {
    const Measured theirs = train_theirs(folder, way);
    check_same(ours, theirs, way);
    print_row(fmt::format("transformers, {}", way), theirs, limit, ours);
  }
  fmt::print("  the losses of all {} steps agree within {}; x: time a step over rorqual's\n",
             kWarmUps + kRepeats,
             kLossTolerance);
  fs::remove_all(folder);
}

}  // namespace rq::bench
