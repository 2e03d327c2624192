#include "eval/tables/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"

namespace rq::eval {
namespace {

constexpr int kResamples = 2000;
constexpr double kTail = 0.025;

struct Sums {
  double weighted = 0, weight = 0;
};

// The clusters of each group; one group where groups do not count apart.
using Clusters = std::vector<std::vector<Sums>>;

Clusters clusters_of(std::span<const Measured> values, Average average) {
  std::map<std::string, std::map<std::string, Sums>> sums;
  std::size_t number = 0;
  for (const Measured& one : values) {
    const std::string alone = "#" + std::to_string(number++);
    Sums& cluster = sums[average == Average::kGroups ? one.group : ""]
                        [one.cluster.empty() ? alone : "=" + one.cluster];
    cluster.weighted += one.value * one.weight;
    cluster.weight += one.weight;
  }
  Clusters clusters;
  for (const auto& [group, held] : sums) {
    auto& list = clusters.emplace_back();
    for (const auto& [name, sum] : held) {
      list.push_back(sum);
    }
  }
  return clusters;
}

// `pick(n, i)` gives the place of the i-th of n clusters that are drawn.
template <typename Pick>
double mean_of(const Clusters& groups, Pick&& pick) {
  double mean = 0;
  for (const std::vector<Sums>& group : groups) {
    Sums all;
    for (std::size_t i = 0; i < group.size(); ++i) {
      const Sums& drawn = group[pick(group.size(), i)];
      all.weighted += drawn.weighted;
      all.weight += drawn.weight;
    }
    mean += all.weighted / all.weight;
  }
  return mean / static_cast<double>(groups.size());
}

Interval bootstrap(const Clusters& groups) {
  Rng rng(1, "eval/bootstrap");
  std::vector<double> means;
  for (int i = 0; i < kResamples; ++i) {
    means.push_back(
        mean_of(groups, [&](std::size_t count, std::size_t) { return rng.below(count); }));
  }
  std::ranges::sort(means);
  const auto at = [&](double share) {
    return means[static_cast<std::size_t>(std::lround(share * (kResamples - 1)))];
  };
  return {.low = at(kTail), .high = at(1 - kTail)};
}

Estimate by_bootstrap(std::span<const Measured> values, Average average) {
  const Clusters groups = clusters_of(values, average);
  Estimate result{.mean = mean_of(groups, [](std::size_t, std::size_t i) { return i; }),
                  .interval = bootstrap(groups)};
  for (const auto& group : groups) {
    result.clusters += std::ssize(group);
  }
  result.method = result.clusters < std::ssize(values) ? Method::kClustered : Method::kBootstrap;
  return result;
}

}  // namespace

Estimate estimate(std::span<const Measured> values, Average average) {
  Estimate result = by_bootstrap(values, average);
  const bool are_shares = std::ranges::all_of(values, [](const Measured& one) {
    return (one.value == 0 || one.value == 1) && one.weight == 1;
  });
  if (are_shares && average == Average::kQuestions && result.method == Method::kBootstrap) {
    const auto trials = std::ssize(values);
    const auto hits =
        std::ranges::count_if(values, [](const Measured& one) { return one.value == 1; });
    result.interval = wilson_interval(hits, trials);
    result.method = Method::kWilson;
  }
  return result;
}

Estimate estimate_difference(std::span<const Measured> a,
                             std::span<const Measured> b,
                             Average average) {
  std::vector<Measured> differences(a.begin(), a.end());
  for (std::size_t i = 0; i < differences.size(); ++i) {
    differences[i].value -= b[i].value;
  }
  return by_bootstrap(differences, average);
}

double pass_at(std::int64_t k, std::int64_t right, std::int64_t samples) {
  double none = 1;
  for (std::int64_t i = 0; i < k; ++i) {
    none *= static_cast<double>(std::max<std::int64_t>(samples - right - i, 0)) /
            static_cast<double>(samples - i);
  }
  return 1 - none;
}

}  // namespace rq::eval
