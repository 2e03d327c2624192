#pragma once
// Next-token cross-entropy straight from hidden states, in chunks of tokens: the logits of a batch
// never exist at once.

#include "base/tensor.h"

namespace rq::kernels {

struct CrossEntropyResult {
  Tensor total;   // scalar: sum_t weights[t] * losses[t]; differentiable in hidden and head
  Tensor losses;  // [T] natural logarithms; 0 where the target is negative. Not differentiable.
};

// hidden [T, D], head [V, D], targets [T] int64 (negative: ignored), weights [T].
// Where a gradient is asked for, it is worked out chunk by chunk on the way forward, and the way
// back only scales it.
CrossEntropyResult cross_entropy(const Tensor& hidden,
                                 const Tensor& head,
                                 const Tensor& targets,
                                 const Tensor& weights);

// The logarithm of each target's probability [T], differentiable in hidden and head: for objectives
// that are not linear in it. On the way back the logits are worked out a second time.
Tensor log_probabilities(const Tensor& hidden, const Tensor& head, const Tensor& targets);

namespace reference {
CrossEntropyResult cross_entropy(const Tensor& hidden,
                                 const Tensor& head,
                                 const Tensor& targets,
                                 const Tensor& weights);
}  // namespace reference

}  // namespace rq::kernels
