#include "train/config.h"

#include <string>
#include <vector>

#include "base/require.h"

namespace rq::train {

std::vector<std::string> TrainingConfig::problems() const {
  Requirements all;
  all.require(ema_decay >= 0 && ema_decay < 1, "ema_decay={} must lie in [0, 1)", ema_decay);
  all.require_positive("checkpoint_every", checkpoint_every);
  all.require(checkpoints_kept >= 2, "checkpoints_kept={} must be at least 2", checkpoints_kept);
  all.require(mtp_weight.first >= 0 && balance_weight >= 0,
              "mtp_weight={} and balance_weight={} must not be negative",
              mtp_weight.first,
              balance_weight);
  return all.take();
}

}  // namespace rq::train
