#pragma once
// A model for tests: every part of V3 in a few thousand parameters.

#include "model/config.h"

namespace rq::model::testing {

// One dense and two mixture layers, a query rank, two groups of which one
// is visited, one shared expert, one prediction layer.
inline ModelConfig tiny_v3() {
  ModelConfig config;
  config.vocab_size = 20;
  config.width = 12;
  config.layers = 3;
  config.dense_layers = 1;
  config.dense_width = 16;
  config.context = 16;
  config.mtp_layers = 1;
  config.init_std = 0.3;
  config.attention = {.heads = 3,
                      .query_rank = 7,
                      .kv_rank = 6,
                      .nope_width = 4,
                      .rope_width = 6,
                      .value_width = 5,
                      .rope = {}};
  config.moe.experts = 4;
  config.moe.top_k = 2;
  config.moe.expert_width = 8;
  config.moe.groups = 2;
  config.moe.top_groups = 1;
  return config;
}

}  // namespace rq::model::testing
