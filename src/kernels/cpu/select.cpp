#include "kernels/cpu/select.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace rq::kernels::cpu {
namespace {

using std::int64_t;

// The `count` largest of values[0 … size), best first, by repeated insertion: strict comparison
// keeps the lower index on ties.
void largest(
    const float* values, int64_t size, int64_t count, int64_t* indices, std::vector<float>& best) {
  int64_t held = 0;
  for (int64_t i = 0; i < size; ++i) {
    const float value = values[i];
    if (held == count && !(value > best[count - 1])) {
      continue;
    }
    int64_t at = held < count ? held++ : count - 1;
    for (; at > 0 && value > best[at - 1]; --at) {
      best[at] = best[at - 1];
      indices[at] = indices[at - 1];
    }
    best[at] = value;
    indices[at] = i;
  }
}

float score_of_group(const float* preference, int64_t size, bool by_top_two) {
  float first = -INFINITY, second = -INFINITY;
  for (int64_t i = 0; i < size; ++i) {
    if (preference[i] > first) {
      second = first;
      first = preference[i];
    } else if (preference[i] > second) {
      second = preference[i];
    }
  }
  return by_top_two ? first + second : first;
}

}  // namespace

void select_experts(int64_t first,
                    int64_t last,
                    const Selection& rules,
                    const float* scores,
                    const float* bias,
                    int64_t* chosen) {
  const int64_t per_group = rules.experts / rules.groups;
  std::vector<float> preference(rules.experts), group_scores(rules.groups);
  std::vector<float> best(std::max(rules.top_k, rules.top_groups));
  std::vector<int64_t> kept(rules.top_groups);
  for (int64_t t = first; t < last; ++t) {
    for (int64_t e = 0; e < rules.experts; ++e) {
      preference[e] = scores[t * rules.experts + e] + (bias == nullptr ? 0.0F : bias[e]);
    }
    if (rules.top_groups < rules.groups) {
      for (int64_t g = 0; g < rules.groups; ++g) {
        group_scores[g] =
            score_of_group(preference.data() + g * per_group, per_group, rules.by_top_two);
      }
      largest(group_scores.data(), rules.groups, rules.top_groups, kept.data(), best);
      for (int64_t g = 0; g < rules.groups; ++g) {
        if (std::find(kept.begin(), kept.end(), g) == kept.end()) {
          std::fill_n(preference.begin() + g * per_group, per_group, -INFINITY);
        }
      }
    }
    largest(preference.data(), rules.experts, rules.top_k, chosen + t * rules.top_k, best);
  }
}

}  // namespace rq::kernels::cpu
