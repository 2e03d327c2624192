#pragma once
// Activations that are computed again on the way back rather than kept (DeepSeek-V3 §3.2.3), bit
// for bit as if they had been kept: the same operations run on the same inputs.

#include <array>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/tensor.h"

namespace rq::model {

// How much of the way forward is done twice.
enum class Recompute {
  kNone,   // nothing: the fastest, and the most memory
  kNorms,  // RMS norms and MLA's keys and values, as V3 does: cheap, a fifth of the memory
  kLayer,  // all of a block but its input: a third more work, the least memory
};
constexpr std::array<std::pair<Recompute, std::string_view>, 3> enum_names(Recompute) {
  return {{{Recompute::kNone, "none"}, {Recompute::kNorms, "norms"}, {Recompute::kLayer, "layer"}}};
}

// segment(x), of which only x is kept; the segment runs a second time when gradients come back. Its
// tensors besides x are parameters, whose gradients it adds up itself. Outputs that are not
// floating point have no gradient.
using Segment = std::function<std::vector<Tensor>(const Tensor& x)>;
std::vector<Tensor> run_recomputed(Segment segment, const Tensor& x);

// Gives back the memory of `values` now, and fills it again with what `again` returns when the
// gradient of `later` arrives. REQUIRES that nothing reads them in between, that whatever is
// computed from them gets its gradient through `later` (others may join), and that `again` returns
// tensors of the same shapes; it runs without gradients, so it should hold detached tensors.
void forget_until(const Tensor& later,
                  std::vector<Tensor> values,
                  std::function<std::vector<Tensor>()> again);

}  // namespace rq::model
