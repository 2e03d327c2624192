#include "rl/config.h"

#include <string>
#include <vector>

#include "base/require.h"

namespace rq::rl {

std::vector<std::string> RlConfig::problems() const {
  Requirements all;
  all.require_positive("steps", steps);
  all.require_positive("prompts", prompts);
  all.require(
      group >= 2, "group={}: answers are judged against each other, by two at least", group);
  all.require_positive("max_tokens", max_tokens);
  all.require(temperature > 0, "temperature={} must be positive", temperature);
  all.require(clip > 0 && clip < 1, "clip={} must lie between 0 and 1", clip);
  all.require(clip_above >= 0, "clip_above={} must not be negative", clip_above);
  all.require(kl_weight >= 0, "kl_weight={} must not be negative", kl_weight);
  all.require(reference_every >= 0, "reference_every={} must not be negative", reference_every);
  all.require_positive("minibatches", minibatches);
  all.require(minibatches <= prompts * group,
              "minibatches={} exceeds the {} answers of a step",
              minibatches,
              prompts * group);
  all.require_positive("epochs", epochs);
  all.require(piece_tokens >= 0, "piece_tokens={} must not be negative", piece_tokens);
  all.require(cache_tokens >= 0, "cache_tokens={} must not be negative", cache_tokens);
  std::vector<std::string> found = all.take();
  const std::vector<std::string> others = TrainingConfig::problems();
  found.insert(found.end(), others.begin(), others.end());
  return found;
}

}  // namespace rq::rl
