#pragma once
// Which token comes next. A choice depends on the logits, the settings, the seed and the place in
// the answer, and on nothing else. No torch.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace rq::generate {

// How tokens are drawn; in the order in which they apply.
struct Sampling {
  // Logits of tokens that stand in the prompt or the answer are divided by this where positive and
  // multiplied where negative (arXiv 1909.05858); 1 leaves them.
  double repetition_penalty = 1;
  double presence_penalty = 0;   // taken from the logits of tokens in the answer
  double frequency_penalty = 0;  // the same, times how often they stand there
  std::vector<std::pair<std::int32_t, float>> bias = {};  // added to the logits of tokens
  std::vector<std::int32_t> banned = {};                  // never drawn
  std::vector<std::int32_t> forced = {};                  // the answer begins with them
  double temperature = 1;  // 0: always the most probable token, of equals the lowest
  std::int64_t top_k = 0;  // only the so many most probable tokens; 0: all
  double top_p = 1;        // only the most probable tokens that together reach this
  double min_p = 0;        // only tokens at least so probable, as a share of the most probable one
  std::uint64_t seed = 1;

  // Everything in these values that cannot be for a vocabulary of `vocab_size`, a sentence each.
  std::vector<std::string> problems(std::int64_t vocab_size) const;
};

struct TokenLogprob {
  std::int32_t token;
  float
      logprob;  // natural, of the model itself: before penalties, temperature and all that follows
};

// What has been said so far, as penalties see it.
struct Said {
  std::span<const std::int32_t> prompt, answer;
};

// Draws tokens for one request.
class Sampler {
 public:
  // The settings must have no problems.
  explicit Sampler(Sampling sampling);

  const Sampling& sampling() const { return sampling_; }

  // The answer's next token, given the logits [V] behind what was said.
  std::int32_t operator()(std::span<const float> logits, const Said& said) const;

 private:
  bool changes_logits() const;

  Sampling sampling_;
  std::uint64_t key_;
};

// The log-probability of `token`.
float logprob_of(std::span<const float> logits, std::int32_t token);
// Those of the `count` most probable tokens, best first; ties go to the lower token.
std::vector<TokenLogprob> most_probable(std::span<const float> logits, std::int64_t count);

}  // namespace rq::generate
