#include "plan/parameters.h"

#include <cstdint>

namespace rq::plan {
namespace {

using model::AttentionConfig;
using model::AttentionKind;
using model::ModelConfig;
using model::MoeConfig;

// Gate, up and down of a SwiGLU.
int64_t swiglu_parameters(int64_t width, int64_t inner_width) {
  return 3 * width * inner_width;
}

int64_t latent_attention(const AttentionConfig& attention, int64_t width) {
  const int64_t query_rows = attention.heads * attention.key_width();
  const int64_t down_rows = attention.kv_rank + attention.rope_width;
  const int64_t up_rows = attention.heads * (attention.nope_width + attention.value_width);
  int64_t count = down_rows * width + attention.kv_rank + up_rows * attention.kv_rank;
  if (attention.query_rank == 0) {
    count += query_rows * width;
  } else {
    count += attention.query_rank * (width + 1 + query_rows);  // down, norm, up
  }
  return count + (attention.has_qkv_bias ? attention.query_rank + down_rows : 0);
}

int64_t grouped_attention(const AttentionConfig& attention, int64_t width) {
  const int64_t rows = (attention.heads + 2 * attention.kv_heads) * attention.head_width;
  return rows * width + (attention.has_qkv_bias ? rows : 0);
}

int64_t router_parameters(const MoeConfig& moe, int64_t width) {
  return moe.experts * (width + (moe.has_selection_bias ? 1 : 0));
}

Parts count_stored(const ModelConfig& config) {
  const int64_t width = config.width;
  int64_t mixtures = 0;
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    mixtures += config.is_moe_layer(layer) ? 1 : 0;
  }
  const int64_t expert = swiglu_parameters(width, config.moe.expert_width);
  return {.embedding = config.vocab_size * width,
          .attention = config.layers * attention_parameters(config.attention, width),
          .dense = (config.layers - mixtures) * swiglu_parameters(width, config.dense_width),
          .experts = mixtures * config.moe.experts * expert,
          .shared = mixtures * config.moe.shared_experts * expert,
          .router = mixtures * router_parameters(config.moe, width),
          .norms = (2 * config.layers + 1) * width,
          .head = config.has_tied_embeddings ? 0 : config.vocab_size * width};
}

}  // namespace

int64_t attention_parameters(const AttentionConfig& attention, int64_t width) {
  const int64_t output = attention.heads * attention.value_head_width() * width;
  const int64_t inputs = attention.kind == AttentionKind::kMla
                             ? latent_attention(attention, width)
                             : grouped_attention(attention, width);
  return inputs + output + (attention.has_output_bias ? width : 0);
}

int64_t mixture_parameters(const MoeConfig& moe, int64_t width) {
  return (moe.experts + moe.shared_experts) * swiglu_parameters(width, moe.expert_width) +
         router_parameters(moe, width);
}

ParameterCount count_parameters(const ModelConfig& config) {
  const int64_t width = config.width;
  const MoeConfig& moe = config.moe;
  const bool has_experts = moe.experts > 0;
  const int64_t feed_forward =
      has_experts ? mixture_parameters(moe, width) : swiglu_parameters(width, config.dense_width);
  // A block with its two norms, the projection of two widths to one, and three more norms.
  const int64_t layer =
      attention_parameters(config.attention, width) + feed_forward + 2 * width * width + 5 * width;
  ParameterCount count{.stored = count_stored(config),
                       .activated = count_stored(config),
                       .prediction = config.mtp_layers * layer,
                       .prediction_activated = config.mtp_layers * layer};
  if (has_experts) {
    const int64_t idle = (moe.experts - moe.top_k) * swiglu_parameters(width, moe.expert_width);
    const int64_t biases = moe.has_selection_bias ? moe.experts : 0;
    const int64_t mixtures = count.stored.router / router_parameters(moe, width);
    count.activated.experts -= mixtures * idle;
    count.activated.router -= mixtures * biases;
    count.prediction_activated -= config.mtp_layers * (idle + biases);
  }
  return count;
}

}  // namespace rq::plan
