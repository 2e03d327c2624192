#include "model/testing/slow_router.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <ATen/ATen.h>

namespace rq::model::testing {
namespace {

// The `count` highest of `values`, best first.
std::vector<int64_t> best(const Row& values, int64_t count) {
  std::vector<int64_t> order;
  for (std::size_t i = 0; i < values.size(); ++i) {
    order.push_back(static_cast<int64_t>(i));
  }
  std::stable_sort(
      order.begin(), order.end(), [&](int64_t a, int64_t b) { return values[a] > values[b]; });
  order.resize(count);
  return order;
}

}  // namespace

Rows to_rows(const Tensor& matrix) {
  const Tensor dense = matrix.detach().to(at::kDouble).contiguous();
  const int64_t columns = dense.size(-1);
  const auto* values = dense.const_data_ptr<double>();
  Rows rows;
  for (int64_t at = 0; at < dense.numel(); at += columns) {
    rows.emplace_back(values + at, values + at + columns);
  }
  return rows;
}

std::vector<int64_t> slow_choice(const Row& scores, const Row& bias, const MoeConfig& config) {
  Row preference = scores;
  for (std::size_t i = 0; i < bias.size(); ++i) {
    preference[i] += bias[i];
  }
  const int64_t size = config.experts / config.groups;
  Row group_scores;
  for (int64_t group = 0; group < config.groups; ++group) {
    Row members(preference.begin() + group * size, preference.begin() + (group + 1) * size);
    std::sort(members.rbegin(), members.rend());
    const bool by_two = config.group_score == GroupScore::kTopTwoSum && size > 1;
    group_scores.push_back(by_two ? members[0] + members[1] : members[0]);
  }
  const auto kept = best(group_scores, config.top_groups);
  for (int64_t expert = 0; expert < config.experts; ++expert) {
    if (std::find(kept.begin(), kept.end(), expert / size) == kept.end()) {
      preference[expert] = -INFINITY;
    }
  }
  return best(preference, config.top_k);
}

double slow_balance_loss(const Rows& scores, int64_t batch, int64_t top_k) {
  const auto length = static_cast<int64_t>(scores.size()) / batch;
  const auto experts = static_cast<int64_t>(scores[0].size());
  double total = 0;
  for (int64_t sequence = 0; sequence < batch; ++sequence) {
    Row visits(experts, 0.0), shares(experts, 0.0);
    for (int64_t t = sequence * length; t < (sequence + 1) * length; ++t) {
      double sum = 0;
      for (const double score : scores[t]) {
        sum += score;
      }
      for (const int64_t expert : best(scores[t], top_k)) {
        visits[expert] += 1;
      }
      for (int64_t i = 0; i < experts; ++i) {
        shares[i] += scores[t][i] / sum;
      }
    }
    for (int64_t i = 0; i < experts; ++i) {
      const double f =
          static_cast<double>(experts) * visits[i] / static_cast<double>(top_k * length);  // eq. 18
      total += f * shares[i] / static_cast<double>(length);  // eqs. 17, 20
    }
  }
  return total / static_cast<double>(batch);
}

}  // namespace rq::model::testing
