// Claim: a step of GRPO, rollout and update, takes a fraction of the time that TRL's GRPOTrainer
// takes for it with the same model, prompts, group and lengths.

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "base/json.h"
#include "bench/benches.h"
#include "bench/peer.h"
#include "bench/small_v3.h"
#include "kernels/machine_limit.h"
#include "model/hf_weights.h"
#include "model/model.h"
#include "plan/flops.h"
#include "reward/problem_generator.h"
#include "rl/grpo.h"
#include "tokenizer/folder.h"
#include "tokenizer/train.h"

namespace rq::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSteps = 6;  // of which the first is not timed
constexpr std::int64_t kPrompts = 16, kGroup = 8, kNew = 64;
constexpr double kBeta = 0.001, kRate = 1e-6;

// Of each timed step.
struct Measured {
  std::vector<double> rollout_s, step_s;
  std::vector<double> lengths;  // mean tokens of an answer
};

std::vector<std::string> problems() {
  std::vector<std::string> prompts;
  for (std::int64_t i = 0; i < kSteps * kPrompts; ++i) {
    prompts.push_back(reward::draw_problem("modular", 1, 1, i).prompt);
  }
  return prompts;
}

tokenizer::Tokenizer tokenizer_of(const std::vector<std::string>& texts) {
  std::size_t next = 0;
  return tokenizer::train(
      [&](std::string& document) {
        if (next == texts.size()) {
          return false;
        }
        document = texts[next++];
        return true;
      },
      {.vocab_size = 320});
}

// The share of digits: what the rival rewards too.
double digits_of(std::string_view text) {
  const auto digits =
      std::ranges::count_if(text, [](unsigned char c) { return std::isdigit(c) != 0; });
  return text.empty() ? 0 : static_cast<double>(digits) / static_cast<double>(text.size());
}

Measured train_ours(const fs::path& folder,
                    const std::vector<std::string>& questions,
                    const tokenizer::Tokenizer& tokenizer) {
  model::Model model = model::load_model(folder);
  std::vector<rl::Prompt> prompts;
  for (const std::string& question : questions) {
    prompts.push_back({.tokens = tokenizer.encode(question), .domain = "math"});
  }
  rl::RlConfig config;
  config.steps = kSteps;
  config.prompts = kPrompts;
  config.group = kGroup;
  config.max_tokens = kNew;
  config.kl_weight = kBeta;
  config.learning_rate.peak = kRate;
  config.checkpoint_every = kSteps;
  rl::reinforce(
      {.config = config,
       .model = model,
       .reference = model::load_model(folder),
       .prompts = prompts,
       .tokenizer = tokenizer,
       .end_tokens = {1},
       .judge = [](std::size_t,
                   std::string_view text) { return rl::Reward{.value = digits_of(text)}; },
       .on_answers = {},
       .seed = 1,
       .workplace = {.folder = folder,
                     .on_step = [](std::int64_t, double) {},
                     .probe = {},
                     .log = [](std::string_view) {}}});
  Measured measured;
  std::ifstream lines(folder / "metrics.jsonl");
  for (std::string line; std::getline(lines, line);) {
    const Json step = parse_json(line, "metrics.jsonl");
    check(step.at("mismatch") < 1e-4,
          "rollout and training differ by {}",
          step.at("mismatch").dump());
    if (step.at("step") > 1) {
      measured.rollout_s.push_back(step.at("rollout_s"));
      measured.step_s.push_back(step.at("rollout_s").get<double>() +
                                step.at("judging_s").get<double>() +
                                step.at("update_s").get<double>());
      measured.lengths.push_back(step.at("answer_length"));
    }
  }
  return measured;
}

Measured train_theirs(const fs::path& folder) {
  const Json reply = ask_peer(
      "peer_rl.py",
      fmt::format(
          "'{}' {} {} {} {} {} {}", folder.string(), kSteps, kPrompts, kGroup, kNew, kBeta, kRate));
  return {.rollout_s = reply["rollout_s"].get<std::vector<double>>(),
          .step_s = reply["step_s"].get<std::vector<double>>(),
          .lengths = reply["lengths"].get<std::vector<double>>()};
}

void print_row(std::string_view who, const Measured& measured, const Measured& ours) {
  const double tokens = static_cast<double>(kPrompts * kGroup) * median(measured.lengths);
  fmt::print("  {:<8} {:6.2f} s a step {:6.2f}x   rollout {:7.0f} tokens/s {:6.2f}x\n",
             who,
             median(measured.step_s),
             median(measured.step_s) / median(ours.step_s),
             tokens / median(measured.rollout_s),
             median(measured.rollout_s) / median(ours.rollout_s));
}

}  // namespace

void bench_rl(std::span<const std::string> arguments) {
  check(arguments.empty(), "bench rl takes no argument, got {}", fmt::join(arguments, " "));
  const std::vector<std::string> questions = problems();
  const tokenizer::Tokenizer tokenizer = tokenizer_of(questions);
  model::ModelConfig shape = small_v3(256);
  shape.vocab_size = 320;
  model::Model model = model::make_model(shape);
  model::initialize_(model, 1);
  const fs::path folder =
      fs::temp_directory_path() / fmt::format("rorqual-bench-rl-{}", ::getpid());
  fs::create_directories(folder);
  model::save_model(folder, model);
  tokenizer::save_tokenizer_folder(tokenizer, folder);
  write_json(folder / "prompts.json", Json(questions));
  const Measured ours = train_ours(folder, questions, tokenizer), theirs = train_theirs(folder);
  fs::remove_all(folder);

  const double length = median(ours.lengths) + 32;
  const double flops = static_cast<double>(kPrompts * kGroup) * length * 5 *
                       plan::forward_flops(shape, static_cast<std::int64_t>(length));
  fmt::print(
      "{} prompts, {} answers each, up to {} tokens (mean {:.1f} beside {:.1f}); medians of {} "
      "steps\n",
      kPrompts,
      kGroup,
      kNew,
      median(ours.lengths),
      median(theirs.lengths),
      ours.step_s.size());
  print_row("rorqual", ours, ours);
  print_row("TRL", theirs, ours);
  fmt::print("  {:.0f} % of this machine's {:.0f} GFLOP/s\n",
             100 * flops / median(ours.step_s) / kernels::measure_matmul_flops_per_s(),
             kernels::measure_matmul_flops_per_s() / 1e9);
}

}  // namespace rq::bench
