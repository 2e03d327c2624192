#pragma once
// Choice of the experts of each token on the CPU (DeepSeek-V3 §2.1.2); the rules are those of
// kernels/route.h.

#include <cstdint>

namespace rq::kernels::cpu {

struct Selection {
  std::int64_t experts, top_k, groups, top_groups;
  bool by_top_two;  // a group counts the sum of its two best; otherwise its best
};

// chosen[t, 0 … top_k): experts of token t by descending preference; ties go to the lower index.
// preference[t, e] = scores[t, e] + (bias ? bias[e] : 0).
void select_experts(std::int64_t first,
                    std::int64_t last,
                    const Selection& rules,
                    const float* scores,
                    const float* bias,
                    std::int64_t* chosen);

}  // namespace rq::kernels::cpu
