#pragma once
// Whether guessing ahead pays: a step that checks a guess for each answer takes longer than one
// that does not, and says more only where guesses are right. Both are measured as they happen. No
// torch.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace rq::generate {

class DraftPolicy {
 public:
  enum class Step {
    kDrafted,  // check the guesses, and guess again
    kPlain,    // guess, but check nothing: to learn what such a step takes
    kGivenUp,  // it does not pay with so many answers
  };

  // What the next step with so many answers under way should be.
  Step next(std::int64_t answers) {
    Cost& cost = cost_of(answers);
    if (++cost.steps % kForget == 0) {
      cost = {};
    }
    if (cost.plain.count < kTrials) {
      return Step::kPlain;
    }
    if (cost.is_too_high()) {
      return Step::kGivenUp;
    }
    return cost.steps % kPlainEvery == 0 ? Step::kPlain : Step::kDrafted;
  }

  // Whether next() would say that it does not pay.
  bool is_given_up(std::int64_t answers) const {
    return costs_[std::bit_width(static_cast<std::uint64_t>(answers))].is_too_high();
  }

  // What a step with nothing but answers took, the guessing included where it was drafted, and
  // which share of its guesses was right.
  void record(std::int64_t answers, Step step, double seconds, double accepted) {
    Cost& cost = cost_of(answers);
    if (step == Step::kDrafted) {
      cost.drafted.add(seconds);
      cost.accepted.add(accepted);
    } else {
      cost.plain.add(seconds);
    }
  }

 private:
  static constexpr std::int64_t kTrials = 4;
  static constexpr std::int64_t kPlainEvery = 32;  // steps
  static constexpr std::int64_t kForget = 512;     // steps after which all is tried again

  struct Average {
    double value = 0;
    std::int64_t count = 0;
    void add(double next) {
      constexpr std::int64_t kWindow = 32;
      count = count < kWindow ? count + 1 : kWindow;
      value += (next - value) / static_cast<double>(count);
    }
  };
  struct Cost {
    Average plain, drafted;  // seconds of a step
    Average accepted;        // guesses that were right, as a share
    std::int64_t steps = 0;

    bool is_too_high() const {
      return plain.count >= kTrials && drafted.count >= kTrials &&
             drafted.value > (1 + accepted.value) * plain.value;
    }
  };

  // Answers of about the same number share their figures.
  Cost& cost_of(std::int64_t answers) {
    return costs_[std::bit_width(static_cast<std::uint64_t>(answers))];
  }

  std::array<Cost, 65> costs_;
};

}  // namespace rq::generate
