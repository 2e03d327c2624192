// The whole of it on a small model: rollouts agree with training, and what is rewarded becomes
// likelier. That a killed training goes on to the same bits is tests/resume_test.py's.

#include "rl/grpo.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "base/json.h"
#include "generate/score.h"
#include "model/testing/tiny_models.h"
#include "tokenizer/train.h"

namespace rq::rl {
namespace {

namespace fs = std::filesystem;

// A token a byte, and a model that knows nothing.
const tokenizer::Tokenizer& bytes_alone() {
  static const tokenizer::Tokenizer tokenizer = [] {
    bool is_over = false;
    return tokenizer::train(
        [&](std::string& document) {
          document = "a";
          return !std::exchange(is_over, true);
        },
        {.vocab_size = 266});
  }();
  return tokenizer;
}

model::Model small_model() {
  model::ModelConfig config = model::testing::tiny_v3();
  config.vocab_size = 266;
  config.context = 24;
  return model::testing::made(config);
}

struct Trained {
  model::Model model;
  std::vector<Json> steps = {};           // lines of metrics.jsonl
  std::vector<std::string> said = {};     // by alarms
  std::vector<JudgedGroup> answers = {};  // of the last step
};

// Rewards the share of an answer's bytes that are lower-case letters of the alphabet's first half.
Reward judge(std::size_t, std::string_view text) {
  const auto good = std::ranges::count_if(text, [](char c) { return c >= 'a' && c <= 'm'; });
  return {.value = text.empty() ? 0 : static_cast<double>(good) / static_cast<double>(text.size()),
          .is_right = good > 0};
}

Trained train_small(const RlConfig& config) {
  Trained trained{.model = small_model()};
  const fs::path folder = fs::temp_directory_path() / fmt::format("rorqual-rl-{}", ::getpid());
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::vector<Prompt> prompts;
  for (const char* const text : {"sum", "and", "order"}) {
    prompts.push_back({.tokens = bytes_alone().encode(text), .domain = "math"});
  }
  reinforce(
      {.config = config,
       .model = trained.model,
       .reference = config.kl_weight > 0 ? std::optional(small_model()) : std::nullopt,
       .prompts = prompts,
       .tokenizer = bytes_alone(),
       .end_tokens = {0},
       .judge = judge,
       .on_answers = [&](int64_t, const auto& groups) { trained.answers = groups; },
       .seed = 5,
       .workplace = {.folder = folder,
                     .on_step = [](int64_t, double) {},
                     .probe = {},
                     .log = [&](std::string_view line) { trained.said.emplace_back(line); }}});
  std::ifstream lines(folder / "metrics.jsonl");
  for (std::string line; std::getline(lines, line);) {
    trained.steps.push_back(parse_json(line, "metrics.jsonl"));
  }
  fs::remove_all(folder);
  return trained;
}

RlConfig small_config() {
  RlConfig config;
  config.steps = 3;
  config.prompts = 4;
  config.group = 6;
  config.max_tokens = 8;
  config.learning_rate.peak = 1e-2;
  return config;
}

TEST(Grpo, RolloutAndTrainingAgreeOnTheLogProbabilities) {
  for (const double temperature : {1.0, 0.7}) {
    RlConfig config = small_config();
    config.temperature = temperature;
    config.piece_tokens = 40;  // several pieces
    for (const Json& step : train_small(config).steps) {
      EXPECT_LT(step.at("mismatch").get<double>(), 1e-4) << "temperature " << temperature;
      EXPECT_GT(step.at("entropy").get<double>(), 1);
    }
  }
}

TEST(Grpo, WhatIsRewardedBecomesLikelier) {
  RlConfig config = small_config();
  config.steps = 40;
  config.prompts = 6;
  config.group = 16;
  config.kl_weight = 0;
  const Trained trained = train_small(config);
  ASSERT_EQ(trained.steps.size(), 40);
  EXPECT_LT(trained.steps.front().at("reward").get<double>(), 0.2);
  EXPECT_GT(trained.steps.back().at("reward").get<double>(), 0.6);
  EXPECT_GT(trained.steps.back().at("right_math").get<double>(), 0.9);
}

TEST(Grpo, TheReferenceHoldsTheModelBack) {
  RlConfig config = small_config();
  config.steps = 25;
  config.group = 12;
  config.learning_rate.peak = 3e-3;
  config.kl_weight = 0.001;
  const double loose = train_small(config).steps.back().at("kl").get<double>();
  config.kl_weight = 10;
  const double tight = train_small(config).steps.back().at("kl").get<double>();
  EXPECT_GT(loose, 3 * tight);
  config.kl_weight = 0.001;
  config.reference_every = 1;  // the model itself, as it was before the step
  EXPECT_NEAR(train_small(config).steps.back().at("kl").get<double>(), 0, 1e-8);
}

TEST(Grpo, AStepOfSeveralMinibatchesClipsAndOneOfOneCannot) {
  RlConfig config = small_config();
  for (const Json& step : train_small(config).steps) {
    EXPECT_EQ(step.at("clipped").get<double>(), 0);
  }
  config.minibatches = 2;
  config.epochs = 2;
  config.clip = 1e-3;
  const Trained trained = train_small(config);
  ASSERT_EQ(trained.steps.size(), 3);
  EXPECT_EQ(trained.steps.back().at("step").get<int64_t>(), 12);  // updates
  EXPECT_GT(trained.steps.back().at("clipped").get<double>(), 0.05);
}

TEST(Grpo, AnswersThatAreCutCanBeLeftOut) {
  RlConfig config = small_config();
  config.steps = 1;
  config.max_tokens = 1;  // nearly all are cut
  config.overlong = Overlong::kLeftOut;
  const Trained trained = train_small(config);
  const double cut = trained.steps.back().at("answers_cut").get<double>();
  EXPECT_GT(cut, 0.5);
  EXPECT_EQ(trained.said.size(), 1);  // and it is said
  for (const JudgedGroup& group : trained.answers) {
    for (const JudgedAnswer& judged : group.answers) {
      EXPECT_EQ(judged.answer.is_cut, judged.answer.tokens.back() != 0);
      EXPECT_EQ(judged.text.empty(), !judged.answer.is_cut);
    }
  }
}

TEST(Grpo, GroupsWithoutVarianceCanBeSkipped) {
  RlConfig config = small_config();
  config.steps = 1;
  config.max_tokens = 1;  // of which hardly one earns anything
  const double all = train_small(config).steps.back().at("tokens").get<double>();
  config.skip_flat = true;
  const Json step = train_small(config).steps.back();
  EXPECT_NEAR(step.at("tokens").get<double>(), all * (1 - step.at("flat_groups").get<double>()), 8);
  EXPECT_GT(step.at("flat_groups").get<double>(), 0);
}

// The end is the policy's own choice: its log-probability is among those that are learned from.
TEST(Rollout, HoldsTheEndTokenAndItsLogProbability) {
  const model::Model model = small_model();
  const Prompt prompt{.tokens = {5, 6, 7}, .domain = "math"};
  RlConfig config = small_config();
  config.group = 40;
  config.max_tokens = 12;
  const std::vector<std::int32_t> ends = {
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
  const Rollout rollout = roll_out(model, {&prompt}, ends, config, 3);
  int ended = 0;
  for (const Answer& answer : rollout.groups[0]) {
    std::vector<std::int32_t> all = prompt.tokens;
    all.insert(all.end(), answer.tokens.begin(), answer.tokens.end());
    const std::vector<float> expected = generate::log_probabilities(model, all);
    ASSERT_EQ(answer.logprobs.size(), answer.tokens.size());
    for (std::size_t i = 0; i < answer.tokens.size(); ++i) {
      EXPECT_NEAR(answer.logprobs[i], expected[prompt.tokens.size() - 1 + i], 1e-5);
    }
    ended += answer.is_cut ? 0 : 1;
    EXPECT_EQ(answer.is_cut, std::ranges::find(ends, answer.tokens.back()) == ends.end());
  }
  EXPECT_GT(ended, 0);
  EXPECT_EQ(roll_out(model, {&prompt}, ends, config, 3).groups[0][7].logprobs,
            rollout.groups[0][7].logprobs);
  EXPECT_NE(roll_out(model, {&prompt}, ends, config, 4).groups[0][7].logprobs,
            rollout.groups[0][7].logprobs);
}

}  // namespace
}  // namespace rq::rl
