#pragma once
// The model that training and generation are timed on: V3's parts at a width of 256.

#include <cstdint>

#include "model/config.h"

namespace rq::bench {

inline model::ModelConfig small_v3(std::int64_t context) {
  model::ModelConfig config{.vocab_size = 4096,
                            .width = 256,
                            .layers = 6,
                            .dense_layers = 1,
                            .dense_width = 688,
                            .context = context,
                            .mtp_layers = 0,
                            .init_std = 0.02,
                            .embedding_std = 0,
                            .shared_embedding_std = 0,
                            .look_back = 0,
                            .attention = {},
                            .moe = {}};
  config.attention.heads = 4;
  config.attention.query_rank = 0;
  config.attention.kv_rank = 64;
  config.attention.nope_width = config.attention.value_width = 32;
  config.attention.rope_width = 16;
  config.moe.experts = 16;
  config.moe.top_k = 2;
  config.moe.expert_width = 128;
  config.moe.groups = config.moe.top_groups = 1;
  config.moe.route_scale = 1.0;
  return config;
}

}  // namespace rq::bench
