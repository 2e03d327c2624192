#pragma once
// Loss by distance from the start: whether a model uses all that stands before a token. It falls as
// far as the model can look back, and rises past the positions that it knows.

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/model.h"

namespace rq::eval {

enum class Spacing { kLogarithmic, kEqual };
constexpr std::array<std::pair<Spacing, std::string_view>, 2> enum_names(Spacing) {
  return {{{Spacing::kLogarithmic, "logarithmic"}, {Spacing::kEqual, "equal"}}};
}

// The first positions of the buckets that part 1 to longest - 1, and `longest`. Position p is that
// of the token with p tokens before it. Logarithmic without a count: a bucket for each power of
// two; equal without one: 16. Buckets that would be empty are left out. An Error where longest < 2
// or count < 0.
std::vector<std::int64_t> bucket_borders(Spacing spacing, std::int64_t count, std::int64_t longest);

struct PositionBucket {
  std::int64_t first, last;    // positions, both included
  std::int64_t tokens = 0;     // that were scored there
  std::int64_t sequences = 0;  // that they stand in
  double loss = 0;             // their mean in nats
  double standard_error = 0;   // of that mean; not a number for fewer than two sequences
};

// Sums up losses over many sequences. The standard error is that of a mean over sequences, whose
// tokens are not independent of one another: sqrt(k / (k - 1) * sum_s (sum_s - n_s * mean)^2) / n,
// for k sequences with n_s of the n tokens.
class LossByPosition {
 public:
  // Borders as bucket_borders() makes them.
  explicit LossByPosition(std::vector<std::int64_t> borders);
  // The log-probabilities of a sequence from its second token on; they may end anywhere.
  void add(std::span<const float> log_probabilities);
  std::vector<PositionBucket> buckets() const;

 private:
  struct Sums {
    double tokens = 0, loss = 0, sequences = 0;
    double loss_squared = 0, loss_by_tokens = 0, tokens_squared = 0;  // of a sequence's sums
  };
  std::vector<std::int64_t> borders_;
  std::vector<Sums> sums_;
};

// One line of the plot.
struct PositionCurve {
  std::string name;
  std::int64_t trained_context = 0;  // tokens
  std::int64_t scored_context = 0;   // the longest sequence that was scored
  std::vector<PositionBucket> buckets;
};

// Runs the model over the first `model.config.context` tokens of each sequence. `report` is told
// how many sequences are done. An Error where a token is outside the model's vocabulary.
std::vector<PositionBucket> loss_by_position(
    const model::Model& model,
    std::span<const std::vector<std::int32_t>> sequences,
    const std::vector<std::int64_t>& borders,
    const std::function<void(std::int64_t sequences)>& report = {});

// Appends a document to `sequences`, cut into pieces of `longest` tokens, each of which begins at
// position 0; a last piece of one token is dropped.
void append_pieces(std::span<const std::int32_t> document,
                   std::int64_t longest,
                   std::vector<std::vector<std::int32_t>>& sequences);

}  // namespace rq::eval
