// Claim: the memory of a training step grows with the context and not with its square, whatever is
// kept of the way forward; so does that of scoring.

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "base/format.h"
#include "base/json.h"
#include "base/rng.h"
#include "bench/benches.h"
#include "bench/peer.h"
#include "generate/score.h"
#include "kernels/machine_limit.h"
#include "model/model.h"
#include "plan/flops.h"
#include "train/pretrain.h"
#include "train/trainer.h"

namespace rq::bench {
namespace {

constexpr std::int64_t kShortest = 1024, kLongest = 16384;
// What is measured, each in a process of its own, whose peak memory is then its own too.
constexpr std::array<std::string_view, 4> kWays = {"none", "norms", "layer", "score"};
constexpr double kGigabyte = 1 << 30;

model::ModelConfig small_model(std::int64_t context) {
  model::ModelConfig config;
  config.vocab_size = 4096;
  config.width = 192;
  config.layers = 4;
  config.dense_layers = 1;
  config.dense_width = 512;
  config.context = context;
  config.init_std = 0.02;
  config.attention.heads = 4;
  config.attention.query_rank = 0;
  config.attention.kv_rank = 64;
  config.attention.nope_width = config.attention.value_width = 32;
  config.attention.rope_width = 16;
  config.moe.experts = 8;
  config.moe.top_k = 2;
  config.moe.expert_width = 192;
  config.moe.groups = config.moe.top_groups = 1;
  config.moe.route_scale = 1.0;
  return config;
}

struct Measured {
  double seconds = 0, peak_bytes = 0, loss = 0;
};

// What one process does: a step on one sequence, or its log-probabilities.
Measured measure(std::int64_t context, std::string_view way) {
  model::Model model = model::make_model(small_model(context));
  model::initialize_(model, 1);
  Rng rng(1, "bench/context");
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(context + 2));
  std::ranges::generate(tokens, [&] { return static_cast<std::int32_t>(rng.below(4096)); });
  Measured measured;
  const auto began = std::chrono::steady_clock::now();
  if (way == "score") {
    tokens.resize(static_cast<std::size_t>(context));
    const auto scores = generate::log_probabilities(model, tokens);
    for (const float score : scores) {
      measured.loss -= static_cast<double>(score) / static_cast<double>(scores.size());
    }
  } else {
    train::PretrainConfig config;
    config.sequence_length = context;
    config.tokens = std::numeric_limits<std::int64_t>::max() / 2;
    config.batch.last = 1;
    config.recompute = way == "none"    ? model::Recompute::kNone
                       : way == "norms" ? model::Recompute::kNorms
                                        : model::Recompute::kLayer;
    train::Trainer trainer(model, config);
    const Tensor row = at::tensor(tokens, at::kInt).unsqueeze(0).to(at::kLong);
    measured.loss = train::train_on_rows(trainer, model, config, row).next_token;
  }
  measured.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  measured.peak_bytes = static_cast<double>(usage.ru_maxrss) * 1024;
  return measured;
}

Measured measure_apart(std::int64_t context, std::string_view way) {
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  const Json reply = ask_program(fmt::format("'{}' context one {} {}", program, context, way));
  return {.seconds = reply["seconds"].get<double>(),
          .peak_bytes = reply["peak_bytes"].get<double>(),
          .loss = reply["loss"].get<double>()};
}

// Bytes a token between two contexts.
double slope(const std::map<std::int64_t, Measured>& by_context,
             std::int64_t from,
             std::int64_t to) {
  return (by_context.at(to).peak_bytes - by_context.at(from).peak_bytes) /
         static_cast<double>(to - from);
}

// `losses` by context, to compare the steps of all ways with.
void print_way(std::string_view way,
               std::int64_t longest,
               double limit,
               std::map<std::int64_t, double>& losses) {
  fmt::print("{}\n",
             way == "score" ? "score" : fmt::format("a training step, recompute = {}", way));
  std::map<std::int64_t, Measured> by_context;
  for (std::int64_t context = kShortest; context <= longest; context *= 2) {
    const Measured measured = by_context[context] = measure_apart(context, way);
    if (way != "score") {
      const double loss = losses.try_emplace(context, measured.loss).first->second;
      check(loss == measured.loss,
            "{} tokens: the loss is {} with recompute={}, and {} without",
            context,
            measured.loss,
            way,
            loss);
    }
    const model::ModelConfig shape = small_model(context);
    const double flops =
        static_cast<double>(context) * (way == "score" ? plan::forward_flops(shape, context)
                                                       : plan::training_flops(shape, context));
    fmt::print("  {:7} tokens  {:8.2f} s  {:7.0f} tokens/s  {:3.0f}% of the limit  {:7.2f} GiB\n",
               context,
               measured.seconds,
               static_cast<double>(context) / measured.seconds,
               100 * flops / measured.seconds / limit,
               measured.peak_bytes / kGigabyte);
    std::fflush(stdout);
  }
  if (longest >= 4 * kShortest) {
    const double first = slope(by_context, longest / 4, longest / 2),
                 second = slope(by_context, longest / 2, longest);
    fmt::print("  {:.1f} KiB a further token, then {:.1f}: ratio {:.3f}\n",
               first / 1024,
               second / 1024,
               second / first);
  }
}

std::int64_t context_of(const std::string& text) {
  std::int64_t context = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), context);
  check(error == std::errc() && end == text.data() + text.size() && context >= kShortest,
        "bench context: {} is no context of {} tokens or more",
        text,
        kShortest);
  return context;
}

}  // namespace

// Arguments: the longest context, and the ways to measure, all of them unless some are named.
void bench_context(std::span<const std::string> arguments) {
  if (arguments.size() == 3 && arguments[0] == "one") {
    const Measured measured = measure(context_of(arguments[1]), arguments[2]);
    fmt::print("{}\n",
               Json{{"seconds", measured.seconds},
                    {"peak_bytes", measured.peak_bytes},
                    {"loss", measured.loss}}
                   .dump());
    return;
  }
  const std::int64_t longest = arguments.empty() ? kLongest : context_of(arguments[0]);
  const auto ways = arguments.empty() ? arguments : arguments.subspan(1);
  for (const std::string& way : ways) {
    check(std::ranges::find(kWays, way) != kWays.end(),
          "there is no way {} to measure; there are {}",
          way,
          fmt::join(kWays, ", "));
  }
  const double limit = kernels::measure_matmul_flops_per_s();
  fmt::print("One sequence; the limit is {:.0f} GFLOP/s in float32 products\n", limit / 1e9);
  std::map<std::int64_t, double> losses;
  for (const std::string_view way : kWays) {
    if (ways.empty() || std::ranges::find(ways, way) != ways.end()) {
      print_way(way, longest, limit, losses);
    }
  }
  if (ways.empty()) {
    fmt::print("  whatever is kept, the loss has the same bits\n");
  }
}

}  // namespace rq::bench
