#pragma once
// Means over questions and how far they may be from the true ones.

#include <cstdint>
#include <span>
#include <string>

#include "eval/interval.h"
#include "eval/tables/task_config.h"

namespace rq::eval {

// What one question gave.
struct Measured {
  double value = 0;
  double weight = 1;
  std::string cluster = {};  // empty: it stands alone
  std::string group = {};
};

enum class Method { kWilson, kBootstrap, kClustered };
constexpr std::array<std::pair<Method, std::string_view>, 3> enum_names(Method) {
  return {{{Method::kWilson, "Wilson"},
           {Method::kBootstrap, "bootstrap"},
           {Method::kClustered, "bootstrap over clusters"}}};
}

struct Estimate {
  double mean = 0;
  Interval interval = {.low = 0, .high = 0};  // 95 %
  Method method = Method::kWilson;
  std::int64_t clusters = 0;
};

// The weighted mean, or the mean of the groups' means. Shares that are 0 or 1 each get Wilson's
// interval; others, and means of groups, the percentile bootstrap's: questions, or whole clusters
// of them (Miller 2024, arXiv 2411.00640), are drawn anew within their groups, 2,000 times. The
// same values give the same interval. REQUIRES at least one value, and weights above 0.
Estimate estimate(std::span<const Measured> values, Average average);

// The same for what two models gave to the same questions, a less b: of differences, which vary
// less than either. Never Wilson's. REQUIRES as many of both.
Estimate estimate_difference(std::span<const Measured> a,
                             std::span<const Measured> b,
                             Average average);

// The probability that of k samples, drawn from `samples` of which `right` are right, at least one
// is right: 1 - C(samples - right, k) / C(samples, k) (Chen et al. 2021). REQUIRES k <= samples.
double pass_at(std::int64_t k, std::int64_t right, std::int64_t samples);

}  // namespace rq::eval
