#include "eval/loss_by_position.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "base/check.h"
#include "generate/score.h"

namespace rq::eval {

std::vector<std::int64_t> bucket_borders(Spacing spacing,
                                         std::int64_t count,
                                         std::int64_t longest) {
  check(longest >= 2, "sequences of at most {} tokens have no position to score", longest);
  check(count >= 0, "buckets={} must not be negative", count);
  std::vector<std::int64_t> borders;
  if (spacing == Spacing::kLogarithmic && count == 0) {
    for (std::int64_t first = 1; first < longest; first *= 2) {
      borders.push_back(first);
    }
  } else {
    constexpr std::int64_t kEqualBuckets = 16;
    const auto parts = static_cast<double>(count == 0 ? kEqualBuckets : count);
    for (double part = 0; part < parts; ++part) {
      const double share = part / parts;
      const double first = spacing == Spacing::kLogarithmic
                               ? std::pow(static_cast<double>(longest), share)
                               : 1 + static_cast<double>(longest - 1) * share;
      const auto border = std::min<std::int64_t>(std::llround(first), longest);
      if (border < longest && (borders.empty() || border > borders.back())) {
        borders.push_back(border);
      }
    }
  }
  borders.push_back(longest);
  return borders;
}

LossByPosition::LossByPosition(std::vector<std::int64_t> borders)
    : borders_(std::move(borders)), sums_(borders_.size() - 1) {
  assert(borders_.size() >= 2 && borders_.front() == 1);
}

void LossByPosition::add(std::span<const float> log_probabilities) {
  const auto end = static_cast<std::int64_t>(log_probabilities.size()) + 1;
  for (std::size_t i = 0; i < sums_.size() && borders_[i] < end; ++i) {
    const std::int64_t last = std::min(borders_[i + 1], end);
    double loss = 0;
    for (std::int64_t position = borders_[i]; position < last; ++position) {
      loss -= static_cast<double>(log_probabilities[position - 1]);
    }
    const auto tokens = static_cast<double>(last - borders_[i]);
    Sums& sums = sums_[i];
    sums.tokens += tokens;
    sums.loss += loss;
    ++sums.sequences;
    sums.loss_squared += loss * loss;
    sums.loss_by_tokens += loss * tokens;
    sums.tokens_squared += tokens * tokens;
  }
}

std::vector<PositionBucket> LossByPosition::buckets() const {
  std::vector<PositionBucket> buckets;
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    const Sums& sums = sums_[i];
    PositionBucket bucket{.first = borders_[i], .last = borders_[i + 1] - 1};
    bucket.tokens = static_cast<std::int64_t>(sums.tokens);
    bucket.sequences = static_cast<std::int64_t>(sums.sequences);
    const double mean = sums.loss / sums.tokens;  // not a number where there are none
    const double squares =
        sums.loss_squared - 2 * mean * sums.loss_by_tokens + mean * mean * sums.tokens_squared;
    bucket.loss = mean;
    bucket.standard_error =
        bucket.sequences < 2
            ? std::numeric_limits<double>::quiet_NaN()
            : std::sqrt(std::max(squares, 0.0) * sums.sequences / (sums.sequences - 1)) /
                  sums.tokens;
    buckets.push_back(bucket);
  }
  return buckets;
}

std::vector<PositionBucket> loss_by_position(
    const model::Model& model,
    std::span<const std::vector<std::int32_t>> sequences,
    const std::vector<std::int64_t>& borders,
    const std::function<void(std::int64_t sequences)>& report) {
  LossByPosition losses(borders);
  std::int64_t done = 0;
  for (const auto& sequence : sequences) {
    const auto length = std::min(sequence.size(), static_cast<std::size_t>(model.config.context));
    losses.add(generate::log_probabilities(model, std::span(sequence).first(length)));
    if (report) {
      report(++done);
    }
  }
  return losses.buckets();
}

void append_pieces(std::span<const std::int32_t> document,
                   std::int64_t longest,
                   std::vector<std::vector<std::int32_t>>& sequences) {
  while (document.size() >= 2) {
    const auto piece = document.first(std::min(document.size(), static_cast<std::size_t>(longest)));
    sequences.emplace_back(piece.begin(), piece.end());
    document = document.subspan(piece.size());
  }
}

}  // namespace rq::eval
