#include "eval/testing/small_model.h"

namespace rq::eval::testing {

const model::Model& small_model() {
  static const model::Model model = [] {
    model::ModelConfig config{.vocab_size = 300,
                              .width = 32,
                              .layers = 2,
                              .dense_layers = 1,
                              .dense_width = 48,
                              .context = 256,
                              .mtp_layers = 0,
                              .init_std = 0.3,
                              .embedding_std = 0,
                              .shared_embedding_std = 0,
                              .look_back = 0,
                              .attention = {},
                              .moe = {}};
    config.attention.heads = 2;
    config.attention.query_rank = 0;
    config.attention.kv_rank = 16;
    config.attention.nope_width = config.attention.value_width = 8;
    config.attention.rope_width = 4;
    config.moe.experts = 4;
    config.moe.top_k = 2;
    config.moe.groups = config.moe.top_groups = 1;
    config.moe.expert_width = 16;
    model::Model made = model::make_model(config);
    model::initialize_(made, 3);
    return made;
  }();
  return model;
}

}  // namespace rq::eval::testing
