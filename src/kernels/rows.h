#pragma once
// What the operators on rows share: when the CPU loops apply, and how rows are divided among
// threads.

#include <algorithm>
#include <cstdint>

#include <ATen/Parallel.h>

#include "base/tensor.h"
#include "kernels/cpu/row_loops.h"

namespace rq::kernels {

// The CPU loops take contiguous float32; anything else goes to kernels/reference.
inline bool has_cpu_loops(const Tensor& x) {
  return x.is_cpu() && x.scalar_type() == at::kFloat;
}

// Work of about this many floats is worth a thread's share.
constexpr std::int64_t kFloatsPerShare = 16384;

// Calls work(Rows) on shares of [0, rows), on the pool that ATen uses.
template <typename Work>
void each_share(std::int64_t rows, std::int64_t width, const Work& work) {
  const std::int64_t grain =
      std::max<std::int64_t>(1, kFloatsPerShare / std::max<std::int64_t>(1, width));
  at::parallel_for(
      0, rows, grain, [&](std::int64_t first, std::int64_t last) { work(cpu::Rows{first, last}); });
}

}  // namespace rq::kernels
