#pragma once
// Draws from the softmax of a row of logits by noise that belongs to the index: the Gumbel-max
// trick, in the form of racing exponentials. The same key gives near rows the same index more often
// than not, which is what speculative decoding wants of a draft. Pointers and sizes only.

#include <cstdint>

namespace rq::kernels::cpu {

// log sum_v exp(logits[v]).
float log_sum_exp(const float* logits, std::int64_t count);

// The lowest index of the largest logit.
std::int64_t largest(const float* logits, std::int64_t count);

// Index v with probability softmax(logits * scale)[v] over the keys. Minus infinity is never drawn
// where anything else is there. `scratch` [count].
std::int64_t draw(
    const float* logits, std::int64_t count, float scale, std::uint64_t key, float* scratch);

// The same from `count` indices alone, in any order.
std::int64_t draw_among(const float* logits,
                        const std::int32_t* indices,
                        std::int64_t count,
                        float scale,
                        std::uint64_t key);

}  // namespace rq::kernels::cpu
