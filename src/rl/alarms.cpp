#include "rl/alarms.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/format.h"

namespace rq::rl {
namespace {

constexpr int64_t kFirstSteps = 3;       // whose mean is where it began
constexpr int64_t kStepsOfSilence = 25;  // until what goes on is said again
constexpr double kCollapse = 0.1;        // of the entropy at the beginning
constexpr double kBlowUp = 3;            // times the length at the beginning
constexpr double kManyCut = 0.5;

}  // namespace

std::vector<std::string> Alarms::look(const StepNumbers& step) {
  ++steps_;
  if (steps_ <= kFirstSteps) {
    first_entropy_ += (step.entropy - first_entropy_) / static_cast<double>(steps_);
    first_length_ += (step.length - first_length_) / static_cast<double>(steps_);
  }
  std::vector<std::string> sentences;
  const auto raise = [&](bool is_on, const std::string& name, auto&& sentence) {
    if (!is_on) {
      said_.erase(name);
    } else if (!said_.contains(name) || steps_ - said_[name] >= kStepsOfSilence) {
      said_[name] = steps_;
      sentences.push_back(sentence());
    }
  };
  raise(step.flat >= 1, "flat", [&] {
    return fmt::format(
        "within each group all answers got the same reward (mean {:.3f}): nothing was learned; "
        "take "
        "problems that are solved now and then, or larger groups",
        step.reward);
  });
  raise(step.entropy < kCollapse * first_entropy_, "entropy", [&] {
    return fmt::format(
        "the entropy fell from {:.3f} to {:.3f} nats a token: answers hardly differ any more; "
        "lower "
        "the learning rate, or raise kl_weight or clip_above",
        first_entropy_,
        step.entropy);
  });
  raise(step.mismatch > mismatch_limit_, "mismatch", [&] {
    return fmt::format(
        "a token's log-probability differs by {:.2g} between rollout and training, more than "
        "mismatch_limit={}: what is learned from is not what was drawn",
        step.mismatch,
        mismatch_limit_);
  });
  raise(step.length > kBlowUp * first_length_ || step.cut > kManyCut, "length", [&] {
    return fmt::format(
        "answers have {:.0f} tokens in the mean, {:.0f} at the beginning, and {:.0f} % are cut at "
        "max_tokens: raise it, or teach the model to come to an end first",
        step.length,
        first_length_,
        100 * step.cut);
  });
  return sentences;
}

Json Alarms::state() const {
  return {{"steps", steps_},
          {"first_entropy", first_entropy_},
          {"first_length", first_length_},
          {"said", said_}};
}

void Alarms::restore(const Json& state) {
  steps_ = state.at("steps").get<int64_t>();
  first_entropy_ = state.at("first_entropy").get<double>();
  first_length_ = state.at("first_length").get<double>();
  said_ = state.at("said").get<std::map<std::string, int64_t>>();
}

}  // namespace rq::rl
