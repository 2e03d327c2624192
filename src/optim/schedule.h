#pragma once
// What changes during training, as functions of the tokens trained so far (DeepSeek-V3 §4.2): the
// learning rate in five parts, the batch size that grows, and constants that change once.

#include <cstdint>
#include <string>
#include <vector>

namespace rq::optim {

// Linear warm-up to `peak`; constant; a cosine down to `decayed`; constant; then `last`. The bounds
// are counts of trained tokens.
struct LearningRateSchedule {
  double peak = 2.2e-4;
  int64_t warmup_tokens = 0;   // end of the warm-up
  int64_t constant_until = 0;  // end of the constant part
  int64_t decayed_at = 0;      // end of the cosine; 0: no decay
  double decayed = 2.2e-5;     // the rate there
  int64_t last_from = 0;       // start of the last part; 0: there is none
  double last = 7.3e-6;

  // The rate of a step that starts after `tokens` trained ones and ends after `tokens +
  // step_tokens`: the warm-up counts the step in, so that the first rate is not zero.
  double at(int64_t tokens, int64_t step_tokens) const;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("peak", peak);
    visit("warmup_tokens", warmup_tokens);
    visit("constant_until", constant_until);
    visit("decayed_at", decayed_at);
    visit("decayed", decayed);
    visit("last_from", last_from);
    visit("last", last);
  }
  // What its values cannot be, a sentence each.
  std::vector<std::string> problems() const;
};

// `first` up to `until` trained tokens, `then` from there on; until = 0: `first` for ever. V3's
// gamma and lambda.
struct Step {
  double first = 0;
  int64_t until = 0;
  double then = 0;

  double at(int64_t tokens) const { return until == 0 || tokens < until ? first : then; }

  template <typename Visit>
  void each(Visit&& visit) {
    visit("first", first);
    visit("until", until);
    visit("then", then);
  }
};

// Sequences a step: from `first` to `last` over the first `ramp_tokens`, in multiples of
// `multiple`.
struct BatchRamp {
  int64_t first = 0;  // 0: no ramp
  int64_t last = 8;
  int64_t ramp_tokens = 0;
  int64_t multiple = 1;

  int64_t at(int64_t tokens) const;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("first", first);
    visit("last", last);
    visit("ramp_tokens", ramp_tokens);
    visit("multiple", multiple);
  }
  // What its values cannot be, a sentence each.
  std::vector<std::string> problems() const;
};

}  // namespace rq::optim
