#include "optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "base/require.h"

namespace rq::optim {

double LearningRateSchedule::at(int64_t tokens, int64_t step_tokens) const {
  if (tokens < warmup_tokens) {
    const double share =
        static_cast<double>(tokens + step_tokens) / static_cast<double>(warmup_tokens);
    return peak * std::min(share, 1.0);
  }
  if (last_from > 0 && tokens >= last_from) {
    return last;
  }
  if (decayed_at == 0 || tokens < constant_until) {
    return peak;
  }
  if (tokens >= decayed_at) {
    return decayed;
  }
  const double share = static_cast<double>(tokens - constant_until) /
                       static_cast<double>(decayed_at - constant_until);
  return decayed + (peak - decayed) * 0.5 * (1 + std::cos(std::numbers::pi * share));
}

std::vector<std::string> LearningRateSchedule::problems() const {
  Requirements all;
  all.require(peak > 0, "learning_rate.peak={} must be positive", peak);
  all.require(decayed_at == 0 || (decayed >= 0 && decayed <= peak),
              "learning_rate.decayed={} must lie between 0 and peak={}",
              decayed,
              peak);
  all.require(decayed_at == 0 || (warmup_tokens <= constant_until && constant_until <= decayed_at),
              "learning_rate: warmup_tokens={}, constant_until={} and decayed_at={} must ascend",
              warmup_tokens,
              constant_until,
              decayed_at);
  all.require(last_from == 0 || last_from >= decayed_at,
              "learning_rate.last_from={} comes before decayed_at={}",
              last_from,
              decayed_at);
  return all.take();
}

int64_t BatchRamp::at(int64_t tokens) const {
  if (first == 0 || tokens >= ramp_tokens) {
    return last;
  }
  const double share = static_cast<double>(tokens) / static_cast<double>(ramp_tokens);
  const auto size =
      static_cast<int64_t>(static_cast<double>(first) + share * static_cast<double>(last - first));
  return std::clamp(size / multiple * multiple, std::min(first, last), std::max(first, last));
}

std::vector<std::string> BatchRamp::problems() const {
  Requirements all;
  all.require(last >= 1, "batch.last={} must be at least 1", last);
  all.require(first >= 0 && first <= last,
              "batch.first={} must lie between 0 and batch.last={}",
              first,
              last);
  all.require(multiple >= 1 && (first == 0 || (first % multiple == 0 && last % multiple == 0)),
              "batch.first={} and batch.last={} must be multiples of batch.multiple={}",
              first,
              last,
              multiple);
  return all.take();
}

}  // namespace rq::optim
