#pragma once
// The two kinds of attention: multi-head latent (DeepSeek-V3 §2.1.1) and grouped-query (Llama,
// Qwen2). Shapes: model/shapes.h.

#include <cstdint>
#include <variant>
#include <vector>

#include "base/tensor.h"
#include "kernels/rotary.h"
#include "model/config.h"
#include "model/parameters.h"

namespace rq::model {

// What one layer remembers of the tokens so far: for MLA the normed latent and the rotated shared
// key, R + P floats a token; for GQA all keys and values, 2GW floats.
struct LayerCache {
  Tensor entries;      // [B, capacity, cache_width]
  int64_t length = 0;  // positions filled
};

// What attention needs beside its input.
struct AttentionContext {
  const AttentionConfig& config;
  int64_t batch;                      // B; the tokens of a sequence stand together
  kernels::RotaryTable table;         // of the positions of the input
  LayerCache* cache = nullptr;        // where given, the input continues it, and is appended
  bool forgets = false;               // MLA: keys and values are computed again on the way back
  std::vector<int64_t> lengths = {};  // of sequences in the one row, where they are not a row each
};

// Multi-head latent attention.
struct LatentAttention {
  Tensor query;            // [H(N+P), D], where there is no query rank
  Tensor query_down;       // [Q, D], Q the query rank
  Tensor query_down_bias;  // [Q]
  Tensor query_norm;       // [Q]
  Tensor query_up;         // [H(N+P), Q]
  Tensor kv_down;          // [R+P, D]: the latent, then the shared rotary key
  Tensor kv_down_bias;     // [R+P]
  Tensor kv_norm;          // [R]
  Tensor kv_up;            // [H(N+U), R]: per head the key without position, then the value
  Tensor output;           // [D, HU]
  Tensor output_bias;      // [D]

  Tensor operator()(const Tensor& x, const AttentionContext& context) const;  // [T, D] -> [T, D]

  template <typename Visit>
  void each(Visit&& visit) {
    visit("query", query, Role::kMatrix);
    visit("query_down", query_down, Role::kMatrix);
    visit("query_down_bias", query_down_bias, Role::kOffset);
    visit("query_norm", query_norm, Role::kGain);
    visit("query_up", query_up, Role::kMatrix);
    visit("kv_down", kv_down, Role::kMatrix);
    visit("kv_down_bias", kv_down_bias, Role::kOffset);
    visit("kv_norm", kv_norm, Role::kGain);
    visit("kv_up", kv_up, Role::kMatrix);
    visit("output", output, Role::kMatrix);
    visit("output_bias", output_bias, Role::kOffset);
  }
};

// Grouped-query attention: H query heads share G key-value heads of width W.
struct GroupedAttention {
  Tensor query, key, value;                 // [HW, D], [GW, D], [GW, D]
  Tensor query_bias, key_bias, value_bias;  // [HW], [GW], [GW]
  Tensor output;                            // [D, HW]
  Tensor output_bias;                       // [D]

  Tensor operator()(const Tensor& x, const AttentionContext& context) const;  // [T, D] -> [T, D]

  template <typename Visit>
  void each(Visit&& visit) {
    visit("query", query, Role::kMatrix);
    visit("query_bias", query_bias, Role::kOffset);
    visit("key", key, Role::kMatrix);
    visit("key_bias", key_bias, Role::kOffset);
    visit("value", value, Role::kMatrix);
    visit("value_bias", value_bias, Role::kOffset);
    visit("output", output, Role::kMatrix);
    visit("output_bias", output_bias, Role::kOffset);
  }
};

using Attention = std::variant<LatentAttention, GroupedAttention>;

// Float32 tensors of the right shapes, not yet initialised.
Attention make_attention(const AttentionConfig& config,
                         int64_t width,
                         c10::Device device = c10::kCPU);

kernels::PairLayout pair_layout(const AttentionConfig& config);

// Cosines and sines of the positions [first, first + count), and of each of these sequences' own.
kernels::RotaryTable rotary_table(const AttentionConfig& config, int64_t first, int64_t count);
kernels::RotaryTable rotary_table(const AttentionConfig& config,
                                  const std::vector<int64_t>& lengths);

}  // namespace rq::model
