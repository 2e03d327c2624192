#pragma once
// The choice of experts (DeepSeek-V3 §2.1.2, eqs. 13 to 16; node-limited routing of §2.1.2).

#include <cstdint>

#include "base/tensor.h"

namespace rq::kernels {

struct SelectionRules {
  std::int64_t top_k = 8;
  std::int64_t groups = 1;      // the experts, in order, in so many equal groups
  std::int64_t top_groups = 1;  // experts outside the best so many groups are not chosen
  bool by_top_two = true;  // a group counts the sum of its two best preferences; otherwise its best
};

// scores [T, E], bias [E] or undefined -> [T, K] int64, by descending preference (score + bias);
// ties go to the lower index. Not differentiable.
Tensor select_experts(const Tensor& scores, const Tensor& bias, const SelectionRules& rules);

namespace reference {
Tensor select_experts(const Tensor& scores, const Tensor& bias, const SelectionRules& rules);
}  // namespace reference

}  // namespace rq::kernels
