#include "eval/needle_config.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "data/recall.h"

namespace rq::eval {
namespace {

constexpr std::int64_t kFirstLength = 256;

template <typename T>
bool has_repeats(const std::vector<T>& values) {
  return std::set<T>(values.begin(), values.end()).size() < values.size();
}

}  // namespace

std::vector<std::string> NeedleConfig::problems() const {
  std::vector<std::string> found;
  const auto require = [&](bool ok, const std::string& sentence) {
    if (!ok) {
      found.push_back(sentence);
    }
  };
  for (const std::int64_t length : lengths) {
    require(length > 0, fmt::format("lengths holds {}, which is not positive", length));
  }
  for (const double depth : depths) {
    require(depth >= 0 && depth <= 1,
            fmt::format("depths holds {}, which does not lie between 0 and 1", depth));
  }
  require(!depths.empty(), "depths is empty");
  require(!variants.empty(), "variants is empty");
  require(!has_repeats(lengths), "lengths holds one twice");
  require(!has_repeats(depths), "depths holds one twice");
  require(!has_repeats(variants), "variants holds one twice");
  require(needles > 0, fmt::format("needles={} must be positive", needles));
  const std::int64_t most = data::most_facts();
  require(distractors >= 1 && distractors < most,
          fmt::format("distractors={} must lie between 1 and {}", distractors, most - 1));
  require(facts >= 2 && facts <= most,
          fmt::format("facts={} must lie between 2 and {}", facts, most));
  require(seed >= 0, fmt::format("seed={} must not be negative", seed));
  require(batch_tokens > 0, fmt::format("batch_tokens={} must be positive", batch_tokens));
  return found;
}

void NeedleConfig::validate() const {
  const auto found = problems();
  check(found.empty(), "needle: {}", fmt::join(found, "; "));
}

std::int64_t NeedleConfig::stated_facts(Variant variant) const {
  return variant == Variant::kMultiKey ? 1 + distractors : asked_facts(variant);
}

std::int64_t NeedleConfig::asked_facts(Variant variant) const {
  return variant == Variant::kMultiNeedle ? facts : 1;
}

NeedleConfig resolve(NeedleConfig config, std::int64_t context) {
  config.validate();
  if (config.lengths.empty()) {
    for (std::int64_t length = kFirstLength; length < context; length *= 2) {
      config.lengths.push_back(length);
    }
    config.lengths.push_back(context);
  }
  for (const std::int64_t length : config.lengths) {
    check(length <= context,
          "needle: a length of {} tokens exceeds the model's context of {}",
          length,
          context);
  }
  return config;
}

std::vector<double> even_depths(std::int64_t count) {
  check(count >= 1, "depths={} must be positive", count);
  if (count == 1) {
    return {0.5};
  }
  std::vector<double> depths;
  for (std::int64_t i = 0; i < count; ++i) {
    depths.push_back(static_cast<double>(i) / static_cast<double>(count - 1));
  }
  return depths;
}

}  // namespace rq::eval
