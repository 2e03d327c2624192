#include "plan/published.h"

#include <vector>

namespace rq::plan {
namespace {

using model::ModelConfig;

// What the small relatives of V3 share: no query rank, no groups, no prediction layer.
ModelConfig small_relative() {
  ModelConfig config;
  config.dense_layers = 1;
  config.mtp_layers = 0;
  config.attention.heads = 16;
  config.attention.query_rank = 0;
  config.moe.shared_experts = 2;
  config.moe.groups = 1;
  config.moe.top_groups = 1;
  return config;
}

ModelConfig v2_lite() {
  ModelConfig config = small_relative();
  config.vocab_size = 102400;
  config.width = 2048;
  config.layers = 27;
  config.dense_width = 10944;
  config.moe.experts = 64;
  config.moe.top_k = 6;
  config.moe.expert_width = 1408;
  config.moe.scoring = model::Scoring::kSoftmax;
  config.moe.group_score = model::GroupScore::kMax;
  config.moe.has_selection_bias = false;
  config.moe.is_normalized = false;
  config.moe.route_scale = 1.0;
  return config;
}

ModelConfig moonlight() {
  ModelConfig config = small_relative();
  config.vocab_size = 163840;
  config.width = 2048;
  config.layers = 27;
  config.dense_width = 11264;
  config.context = 8192;
  config.attention.rope.theta = 50000;
  config.moe.experts = 64;
  config.moe.top_k = 6;
  config.moe.expert_width = 1408;
  config.moe.route_scale = 2.446;
  return config;
}

ModelConfig torchtitan_debug() {
  ModelConfig config = small_relative();
  config.vocab_size = 2048;
  config.width = 256;
  config.layers = 6;
  config.dense_width = 1024;
  config.context = 2048;
  config.moe.experts = 8;
  config.moe.top_k = 3;
  config.moe.expert_width = 256;
  config.moe.scoring = model::Scoring::kSoftmax;
  config.moe.route_scale = 1.0;
  return config;
}

}  // namespace

std::vector<PublishedModel> published_models() {
  return {{"DeepSeek-V3", model::deepseek_v3(), 671'026'419'200},
          {"DeepSeek-V2-Lite", v2_lite(), 15'706'484'224},
          {"Moonlight-16B-A3B", moonlight(), 15'960'110'208},
          {"torchtitan debug model", torchtitan_debug(), 33'014'056}};
}

}  // namespace rq::plan
