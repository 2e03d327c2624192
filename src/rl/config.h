#pragma once
// The settings of reinforcement learning. DeepSeek-V3 gives no value of GRPO's; the defaults are
// those of DeepSeek-R1's paper (arXiv 2501.12948, §2.1) where it has one.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "train/config.h"

namespace rq::rl {

// What every token weighs: as much as the others of its answer, all answers weighing the same (the
// papers'), or all tokens of a minibatch the same.
enum class Mean { kSequence, kToken };
constexpr std::array<std::pair<Mean, std::string_view>, 2> enum_names(Mean) {
  return {{{Mean::kSequence, "sequence"}, {Mean::kToken, "token"}}};
}

// What becomes of answers that are cut at their most tokens: they count as they stand, mostly as
// wrong; or they are not learned from.
enum class Overlong { kGraded, kLeftOut };
constexpr std::array<std::pair<Overlong, std::string_view>, 2> enum_names(Overlong) {
  return {{{Overlong::kGraded, "graded"}, {Overlong::kLeftOut, "left-out"}}};
}

struct RlConfig : train::TrainingConfig {
  RlConfig() {
    learning_rate = {.peak = 3e-6};
    mtp_weight.first = 0;  // prediction layers stay as they are
  }

  int64_t steps = 0;         // rollouts, each of which is learned from and thrown away
  int64_t prompts = 32;      // of a step
  int64_t group = 16;        // answers to each prompt
  int64_t max_tokens = 512;  // of an answer
  double temperature = 1;
  Overlong overlong = Overlong::kGraded;
  bool skip_flat = false;  // groups whose answers all got the same reward are left out of updates:
                           // nothing but the KL is to be learned from them

  double clip = 0.2;            // epsilon
  double clip_above = 0;        // another epsilon for ratios above 1; 0: the same
  double kl_weight = 0.001;     // beta; 0: there is no reference
  bool kl_correction = false;   // V3.2's: times the ratio, for the gradient of the KL itself
  int64_t reference_every = 0;  // so many steps the model becomes the reference; 0: never
  Mean mean = Mean::kSequence;
  int64_t minibatches = 1;        // of a step's answers, an update each
  int64_t epochs = 1;             // over them
  int64_t piece_tokens = 16'384;  // at once, gradients accumulated; 0: all of a minibatch
  int64_t cache_tokens = 0;       // of all answers under way; 0: as many as fit 8 contexts
  double mismatch_limit = 1e-3;   // of log-probabilities, rollout against training: then an alarm

  int64_t updates_per_step() const { return minibatches * epochs; }

  template <typename Visit>
  void each(Visit&& visit) {
    visit("steps", steps);
    visit("prompts", prompts);
    visit("group", group);
    visit("max_tokens", max_tokens);
    visit("temperature", temperature);
    visit("overlong", overlong);
    visit("skip_flat", skip_flat);
    visit("clip", clip);
    visit("clip_above", clip_above);
    visit("kl_weight", kl_weight);
    visit("kl_correction", kl_correction);
    visit("reference_every", reference_every);
    visit("mean", mean);
    visit("minibatches", minibatches);
    visit("epochs", epochs);
    visit("piece_tokens", piece_tokens);
    visit("cache_tokens", cache_tokens);
    visit("mismatch_limit", mismatch_limit);
    TrainingConfig::each(visit);
  }
  std::vector<std::string> problems() const;
};

}  // namespace rq::rl
