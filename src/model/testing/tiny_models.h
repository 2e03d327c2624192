#pragma once
// Small models of each shape with random weights, for tests.

#include <cstdint>
#include <string>

#include <ATen/ATen.h>

#include "base/rng.h"
#include "model/config.h"
#include "model/model.h"
#include "model/testing/tiny_v3.h"

namespace rq::model::testing {

// Grouped queries with Qwen2's biases and half-by-half rotation, dense.
inline ModelConfig tiny_grouped() {
  ModelConfig config = tiny_v3();
  config.moe.experts = 0;
  config.mtp_layers = 0;
  config.has_tied_embeddings = true;
  config.attention.kind = AttentionKind::kGqa;
  config.attention.heads = 4;
  config.attention.kv_heads = 2;
  config.attention.head_width = 6;
  config.attention.has_qkv_bias = true;
  config.attention.has_output_bias = true;
  config.attention.rope.interleaved = false;
  return config;
}

// V2's router, no query rank, biases on the down-projections, and stretched rotary frequencies.
inline ModelConfig tiny_v2() {
  ModelConfig config = tiny_v3();
  config.attention.query_rank = 0;
  config.attention.has_qkv_bias = true;
  config.attention.rope.scaling = RopeScaling::kYarn;
  config.attention.rope.factor = 4;
  config.attention.rope.original_context = 64;
  config.attention.rope.mscale_all_dim = 0.7;
  config.moe.scoring = Scoring::kSoftmax;
  config.moe.group_score = GroupScore::kMax;
  config.moe.has_selection_bias = false;
  config.moe.is_normalized = false;
  config.moe.shared_experts = 2;
  return config;
}

// Gains, offsets and biases are drawn too, so that leaving one out shows.
inline Model made(const ModelConfig& config) {
  Model model = make_model(config);
  initialize_(model, 7);
  each_tensor(model, [](const std::string& name, Tensor& tensor, Role role) {
    if (role == Role::kMatrix || role == Role::kEmbedding) {
      return;
    }
    Rng rng(3, name);
    for (int64_t i = 0; i < tensor.numel(); ++i) {
      tensor[i] += 0.3 * rng.normal();
    }
  });
  return model;
}

}  // namespace rq::model::testing
