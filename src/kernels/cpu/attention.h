#pragma once
// Causal attention over float32 in main memory, in tiles: no S x S matrix exists, forward or
// backward (arXiv 2205.14135). Pointers and strides only. One call works on one (sequence, head);
// the caller shares these among threads.

#include <cstdint>

namespace rq::kernels::cpu {

// A [positions, width] matrix whose rows are `stride` floats apart.
struct Matrix {
  const float* data;
  std::int64_t stride;
};
struct MutableMatrix {
  float* data;
  std::int64_t stride;
};

// Sizes of one head's problem. Query i stands at position keys - queries + i and sees keys 0 … that
// position.
struct AttentionShape {
  std::int64_t queries;
  std::int64_t keys;
  std::int64_t key_width;
  std::int64_t value_width;
  float scale;  // of q . k before the softmax
};

// o[i] = sum_j softmax_j(scale * q[i] . k[j]) v[j], and lse[i] = log sum_j exp(scale * q[i] .
// k[j]).
void attention(
    const AttentionShape& shape, Matrix q, Matrix k, Matrix v, MutableMatrix o, float* lse);

struct AttentionBackward {
  Matrix q, k, v, o, d_o;
  const float* lse;        // [queries]
  MutableMatrix d_q;       // written
  MutableMatrix d_k, d_v;  // added to: the query heads of one group share them
};
void attention_backward(const AttentionShape& shape, const AttentionBackward& io);

}  // namespace rq::kernels::cpu
