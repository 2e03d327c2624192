#include "generate/internal/weights.h"

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include <ATen/ATen.h>

namespace rq::generate {
namespace {

using kernels::cpu::pack;
using kernels::cpu::pack_gate_up;
using kernels::cpu::WeightRows;

Floats floats(const Tensor& tensor) {
  return tensor.defined() ? to_vector<float>(tensor) : Floats();
}

// The matrices [*, inner] one below the other.
PackedMatrix packed(const std::vector<Tensor>& matrices) {
  std::vector<Tensor> held;
  std::vector<WeightRows> rows;
  for (const Tensor& matrix : matrices) {
    held.push_back(matrix.contiguous());
    rows.push_back({held.back().const_data_ptr<float>(), matrix.size(0)});
  }
  return pack(rows, matrices.front().size(1));
}

// Biases of those matrices; where only some have one, the others' are zero.
Floats biases(const std::vector<std::pair<Tensor, Tensor>>& matrix_and_bias) {
  Floats all;
  bool has_any = false;
  for (const auto& [matrix, bias] : matrix_and_bias) {
    has_any = has_any || bias.defined();
    const Floats part =
        bias.defined() ? floats(bias) : Floats(static_cast<std::size_t>(matrix.size(0)));
    all.insert(all.end(), part.begin(), part.end());
  }
  return has_any ? all : Floats();
}

LatentWeights latent_weights(const model::LatentAttention& from,
                             const model::AttentionConfig& config) {
  const bool has_rank = !from.query.defined();
  const Tensor& query = has_rank ? from.query_down : from.query;
  LatentWeights to;
  to.input = packed({query, from.kv_down});
  to.input_bias = biases({{query, from.query_down_bias}, {from.kv_down, from.kv_down_bias}});
  if (has_rank) {
    to.query_norm = floats(from.query_norm);
    to.query_up = packed({from.query_up});
  }
  to.kv_norm = floats(from.kv_norm);
  const Tensor up =
      from.kv_up.view({config.heads, config.nope_width + config.value_width, config.kv_rank});
  for (std::int64_t head = 0; head < config.heads; ++head) {
    const Tensor of_head = up.select(0, head);
    to.kv_up.push_back(packed({of_head}));
    to.key_up.push_back(packed({of_head.narrow(0, 0, config.nope_width).t()}));
    to.value_up.push_back(packed({of_head.narrow(0, config.nope_width, config.value_width)}));
  }
  return to;
}

AttentionWeights attention_weights(const model::Block& block,
                                   const model::AttentionConfig& config) {
  AttentionWeights to;
  to.norm = floats(block.attention_norm);
  if (const auto* const latent = std::get_if<model::LatentAttention>(&block.attention)) {
    to.kind = latent_weights(*latent, config);
    to.output = packed({latent->output});
    to.output_bias = floats(latent->output_bias);
  } else {
    const auto& grouped = std::get<model::GroupedAttention>(block.attention);
    to.kind = GroupedWeights{.input = packed({grouped.query, grouped.key, grouped.value}),
                             .input_bias = biases({{grouped.query, grouped.query_bias},
                                                   {grouped.key, grouped.key_bias},
                                                   {grouped.value, grouped.value_bias}})};
    to.output = packed({grouped.output});
    to.output_bias = floats(grouped.output_bias);
  }
  return to;
}

ExpertWeights expert_weights(const Tensor& gate_up, const Tensor& down) {
  const Tensor held = gate_up.contiguous();
  const std::int64_t width = down.size(1);
  return {.gate_up = pack_gate_up(held.const_data_ptr<float>(), width, gate_up.size(1)),
          .down = packed({down}),
          .width = width};
}

FeedForwardWeights feed_forward_weights(const model::Block& block) {
  FeedForwardWeights to;
  to.norm = floats(block.feed_forward_norm);
  if (const auto* const dense = std::get_if<model::SwiGlu>(&block.feed_forward)) {
    to.experts.push_back(expert_weights(dense->gate_up, dense->down));
    return to;
  }
  const auto& mixture = std::get<model::MixtureOfExperts>(block.feed_forward);
  to.centroids = packed({mixture.router.centroids});
  to.selection_bias = floats(mixture.router.selection_bias);
  for (std::int64_t e = 0; e < mixture.experts.gate_up.size(0); ++e) {
    to.experts.push_back(
        expert_weights(mixture.experts.gate_up.select(0, e), mixture.experts.down.select(0, e)));
  }
  to.has_common = mixture.shared.has_value();
  if (to.has_common) {
    to.experts.push_back(expert_weights(mixture.shared->gate_up, mixture.shared->down));
  }
  return to;
}

BlockWeights block_weights(const model::Block& block, const model::ModelConfig& config) {
  return {attention_weights(block, config.attention), feed_forward_weights(block)};
}

}  // namespace

Weights pack_weights(const model::Model& model) {
  const at::NoGradGuard no_grad;
  Weights weights;
  weights.embedding = floats(model.embedding);
  for (const model::Block& block : model.blocks) {
    weights.blocks.push_back(block_weights(block, model.config));
  }
  weights.norm = floats(model.norm);
  weights.head = packed({model.output_head()});
  if (!model.predictions.empty()) {
    const model::PredictionLayer& layer = model.predictions.front();
    weights.predictions.push_back({.embedding_norm = floats(layer.embedding_norm),
                                   .hidden_norm = floats(layer.hidden_norm),
                                   .output_norm = floats(layer.output_norm),
                                   .projection = packed({layer.projection}),
                                   .block = block_weights(layer.block, model.config)});
  }
  const kernels::RotaryTable table =
      model::rotary_table(model.config.attention, 0, model.config.context);
  weights.cosines = floats(table.cos);
  weights.sines = floats(table.sin);
  return weights;
}

}  // namespace rq::generate
