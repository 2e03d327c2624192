// The names of model/hf_weights.h.
#include "model/internal/hf_names.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <ATen/ATen.h>

#include "base/format.h"

namespace rq::model::internal {
namespace {

class Names {
 public:
  Names(std::vector<HfTensor>& list, const std::function<bool(const std::string&)>& has_stack)
      : list_(list), has_stack_(has_stack) {}

  // Tensors that this network does not have are skipped.
  void add(std::string name, const Tensor& tensor, bool is_copy = false) {
    if (tensor.defined()) {
      list_.push_back({.name = std::move(name), .view = tensor.detach(), .is_copy = is_copy});
    }
  }

  void add_attention(const std::string& prefix, const LatentAttention& part) {
    add(prefix + "q_proj.weight", part.query);
    add(prefix + "q_a_proj.weight", part.query_down);
    add(prefix + "q_a_proj.bias", part.query_down_bias);
    add(prefix + "q_a_layernorm.weight", part.query_norm);
    add(prefix + "q_b_proj.weight", part.query_up);
    add(prefix + "kv_a_proj_with_mqa.weight", part.kv_down);
    add(prefix + "kv_a_proj_with_mqa.bias", part.kv_down_bias);
    add(prefix + "kv_a_layernorm.weight", part.kv_norm);
    add(prefix + "kv_b_proj.weight", part.kv_up);
    add(prefix + "o_proj.weight", part.output);
    add(prefix + "o_proj.bias", part.output_bias);
  }

  void add_attention(const std::string& prefix, const GroupedAttention& part) {
    add(prefix + "q_proj.weight", part.query);
    add(prefix + "q_proj.bias", part.query_bias);
    add(prefix + "k_proj.weight", part.key);
    add(prefix + "k_proj.bias", part.key_bias);
    add(prefix + "v_proj.weight", part.value);
    add(prefix + "v_proj.bias", part.value_bias);
    add(prefix + "o_proj.weight", part.output);
    add(prefix + "o_proj.bias", part.output_bias);
  }

  // gate_up [2F, D] holds the gate's rows, then the up-projection's.
  void add_swiglu(const std::string& prefix,
                  const Tensor& gate_up,
                  const Tensor& down,
                  bool is_copy = false) {
    const std::int64_t width = gate_up.size(0) / 2;
    add(prefix + "gate_proj.weight", gate_up.narrow(0, 0, width), is_copy);
    add(prefix + "up_proj.weight", gate_up.narrow(0, width, width), is_copy);
    add(prefix + "down_proj.weight", down, is_copy);
  }

  void add_feed_forward(const std::string& prefix, const SwiGlu& part) {
    add_swiglu(prefix, part.gate_up, part.down);
  }

  void add_feed_forward(const std::string& prefix, const MixtureOfExperts& part) {
    add(prefix + "gate.weight", part.router.centroids);
    add(prefix + "gate.e_score_correction_bias", part.router.selection_bias);
    const Tensor gate_up = part.experts.gate_up.detach(), down = part.experts.down.detach();
    if (has_stack_(prefix + "experts.gate_up_proj")) {
      add(prefix + "experts.gate_up_proj", gate_up);
      add(prefix + "experts.down_proj", down);
    } else {
      for (std::int64_t expert = 0; expert < gate_up.size(0); ++expert) {
        add_swiglu(fmt::format("{}experts.{}.", prefix, expert), gate_up[expert], down[expert]);
      }
    }
    if (part.shared) {
      add_swiglu(prefix + "shared_experts.", part.shared->gate_up, part.shared->down);
    } else {  // transformers has them without rows
      const std::int64_t width = gate_up.size(2);
      add_swiglu(prefix + "shared_experts.",
                 at::empty({0, width}, at::kFloat),
                 at::empty({width, 0}, at::kFloat),
                 /*is_copy=*/true);
    }
  }

  void add_block(const std::string& prefix, const Block& block) {
    add(prefix + "input_layernorm.weight", block.attention_norm);
    std::visit([&](const auto& part) { add_attention(prefix + "self_attn.", part); },
               block.attention);
    add(prefix + "post_attention_layernorm.weight", block.feed_forward_norm);
    std::visit([&](const auto& part) { add_feed_forward(prefix + "mlp.", part); },
               block.feed_forward);
  }

  void add_prediction(const std::string& prefix, const PredictionLayer& layer, const Model& model) {
    add(prefix + "embed_tokens.weight", model.embedding, /*is_copy=*/true);
    add(prefix + "enorm.weight", layer.embedding_norm);
    add(prefix + "hnorm.weight", layer.hidden_norm);
    add(prefix + "eh_proj.weight", layer.projection);
    add_block(prefix, layer.block);
    add(prefix + "shared_head.norm.weight", layer.output_norm);
    add(prefix + "shared_head.head.weight", model.output_head(), /*is_copy=*/true);
  }

 private:
  std::vector<HfTensor>& list_;
  const std::function<bool(const std::string&)>& has_stack_;
};

}  // namespace

std::string layer_prefix(std::int64_t layer) {
  return fmt::format("model.layers.{}.", layer);
}

std::vector<HfTensor> hf_tensors(const Model& model,
                                 const std::function<bool(const std::string& name)>& has_stack) {
  std::vector<HfTensor> list;
  Names names(list, has_stack);
  names.add("model.embed_tokens.weight", model.embedding);
  std::int64_t layer = 0;
  for (const Block& block : model.blocks) {
    names.add_block(layer_prefix(layer++), block);
  }
  for (const PredictionLayer& prediction : model.predictions) {
    names.add_prediction(layer_prefix(layer++), prediction, model);
  }
  names.add("model.norm.weight", model.norm);
  names.add("lm_head.weight", model.head);
  names.add("score.weight", model.score);
  return list;
}

bool is_ignorable(const std::string& name, const ModelConfig& config) {
  return name.ends_with(".rotary_emb.inv_freq") ||
         (config.has_tied_embeddings && name == "lm_head.weight");
}

}  // namespace rq::model::internal
