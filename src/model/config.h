#pragma once
// What a network is: shapes and constants, no torch. One aggregate a component; the same structs
// express DeepSeek-V3, DeepSeek-V2 (softmax router), and dense models with grouped-query attention
// (Llama, Qwen2). Defaults are DeepSeek-V3's own (arXiv 2412.19437 §4.2 and its published config).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rq::model {

// How rotary frequencies are stretched beyond the trained context.
enum class RopeScaling { kNone, kYarn, kLlama3, kLinear };
constexpr std::array<std::pair<RopeScaling, std::string_view>, 4> enum_names(RopeScaling) {
  return {{{RopeScaling::kNone, "none"},
           {RopeScaling::kYarn, "yarn"},
           {RopeScaling::kLlama3, "llama3"},
           {RopeScaling::kLinear, "linear"}}};
}

// Rotary position embedding (arXiv 2104.09864), YaRN (arXiv 2309.00071).
struct RopeConfig {
  double theta = 10000;     // base of the wavelengths
  bool interleaved = true;  // pairs are (0,1), (2,3), …; false: (0, P/2), (1, P/2+1), …
  RopeScaling scaling = RopeScaling::kNone;  //
  double factor = 1;                         // s: extended context over the original
  int64_t original_context = 4096;           // trained context before any extension, in tokens
  double beta_slow = 1;             // YaRN's alpha: pairs with fewer turns are interpolated in full
  double beta_fast = 32;            // YaRN's beta: pairs with more turns are left alone
  double mscale = 1;                // over mscale_all_dim: scales cos and sin
  double mscale_all_dim = 1;        // scales the softmax by (0.1 * this * ln s + 1)^2; 0 leaves it
  double low_frequency_factor = 1;  // llama3 scaling only
  double high_frequency_factor = 4;  // llama3 scaling only

  template <typename Visit>
  void each(Visit&& visit) {
    visit("theta", theta);
    visit("interleaved", interleaved);
    visit("scaling", scaling);
    visit("factor", factor);
    visit("original_context", original_context);
    visit("beta_slow", beta_slow);
    visit("beta_fast", beta_fast);
    visit("mscale", mscale);
    visit("mscale_all_dim", mscale_all_dim);
    visit("low_frequency_factor", low_frequency_factor);
    visit("high_frequency_factor", high_frequency_factor);
  }
};

enum class AttentionKind { kMla, kGqa };
constexpr std::array<std::pair<AttentionKind, std::string_view>, 2> enum_names(AttentionKind) {
  return {{{AttentionKind::kMla, "mla"}, {AttentionKind::kGqa, "gqa"}}};
}

// Multi-head latent attention (DeepSeek-V3 §2.1.1) or grouped-query attention.
struct AttentionConfig {
  AttentionKind kind = AttentionKind::kMla;
  int64_t heads = 128;        // query heads
  int64_t query_rank = 1536;  // MLA: rank of the query latent; 0 projects queries directly
  int64_t kv_rank = 512;      // MLA: rank of the key-value latent
  int64_t nope_width = 128;   // MLA: width of a query or key head without position
  int64_t rope_width = 64;    // MLA: rotary width, one key shared by all heads
  int64_t value_width = 128;  // MLA: width of a value head
  int64_t kv_heads = 128;     // GQA: key-value heads
  int64_t head_width = 128;   // GQA: width of every head, all of it rotary
  bool has_qkv_bias =
      false;  // GQA: biases on query, key, value (Qwen2); MLA: on the down-projections
  bool has_output_bias = false;
  RopeConfig rope;

  // Width of one query or key head.
  int64_t key_width() const {
    return kind == AttentionKind::kMla ? nope_width + rope_width : head_width;
  }
  int64_t value_head_width() const {
    return kind == AttentionKind::kMla ? value_width : head_width;
  }
  int64_t rotary_width() const { return kind == AttentionKind::kMla ? rope_width : head_width; }
  // Floats that the cache keeps for a token in one layer: the latent and the shared rotary key, or
  // all keys and values.
  int64_t cache_width() const {
    return kind == AttentionKind::kMla ? kv_rank + rope_width : 2 * kv_heads * head_width;
  }

  template <typename Visit>
  void each(Visit&& visit) {
    visit("kind", kind);
    visit("heads", heads);
    visit("query_rank", query_rank);
    visit("kv_rank", kv_rank);
    visit("nope_width", nope_width);
    visit("rope_width", rope_width);
    visit("value_width", value_width);
    visit("kv_heads", kv_heads);
    visit("head_width", head_width);
    visit("has_qkv_bias", has_qkv_bias);
    visit("has_output_bias", has_output_bias);
    visit("rope", rope);
  }
};

enum class Scoring { kSigmoid, kSoftmax };
constexpr std::array<std::pair<Scoring, std::string_view>, 2> enum_names(Scoring) {
  return {{{Scoring::kSigmoid, "sigmoid"}, {Scoring::kSoftmax, "softmax"}}};
}

// How a group of experts (a node) is scored: by the sum of its two best (V3) or by its best (V2).
enum class GroupScore { kTopTwoSum, kMax };
constexpr std::array<std::pair<GroupScore, std::string_view>, 2> enum_names(GroupScore) {
  return {{{GroupScore::kTopTwoSum, "top-two-sum"}, {GroupScore::kMax, "max"}}};
}

// DeepSeekMoE (DeepSeek-V3 §2.1.2).
struct MoeConfig {
  int64_t experts = 256;        // routed experts; 0 makes every layer dense
  int64_t shared_experts = 1;   // experts that every token visits
  int64_t top_k = 8;            // routed experts a token visits
  int64_t expert_width = 2048;  // F of one expert
  int64_t groups = 8;           // groups (nodes) the experts are divided into
  int64_t top_groups = 4;       // groups a token may visit
  Scoring scoring = Scoring::kSigmoid;
  GroupScore group_score = GroupScore::kTopTwoSum;
  bool has_selection_bias =
      true;  // choose by score + bias (auxiliary-loss-free balancing), weigh by score
  bool is_normalized = true;  // weights of a token's experts are divided by their sum
  double route_scale = 2.5;   // and multiplied by this

  template <typename Visit>
  void each(Visit&& visit) {
    visit("experts", experts);
    visit("shared_experts", shared_experts);
    visit("top_k", top_k);
    visit("expert_width", expert_width);
    visit("groups", groups);
    visit("top_groups", top_groups);
    visit("scoring", scoring);
    visit("group_score", group_score);
    visit("has_selection_bias", has_selection_bias);
    visit("is_normalized", is_normalized);
    visit("route_scale", route_scale);
  }
};

struct ModelConfig {
  int64_t vocab_size = 129280;  // rows of the embedding; a tokenizer may have fewer
  int64_t width = 7168;         // D
  int64_t layers = 61;          // without the MTP layers
  int64_t dense_layers = 3;     // the first so many have a dense feed-forward
  int64_t dense_width = 18432;  // F of a dense feed-forward
  int64_t context = 4096;       // longest sequence, in tokens
  double norm_epsilon =
      1e-6;  // of the RMS norms on the residual stream (MLA's latent norms keep 1e-6)
  bool has_tied_embeddings = false;  // the head is the embedding
  int64_t mtp_layers = 1;            // depth of multi-token prediction (§2.2)
  double init_std = 0.006;           // of every learnable matrix
  double embedding_std = 0;          // of the input embedding alone; 0: init_std
  // Two helps at the start of short trainings (docs/decisions.md); a published model needs neither.
  double shared_embedding_std = 0;  // of one vector added to every row of the input embedding
  double look_back = 0;  // attention score by which the first layer prefers the token before; MLA
  AttentionConfig attention;
  MoeConfig moe;

  bool is_moe_layer(int64_t layer) const { return moe.experts > 0 && layer >= dense_layers; }

  template <typename Visit>
  void each(Visit&& visit) {
    visit("vocab_size", vocab_size);
    visit("width", width);
    visit("layers", layers);
    visit("dense_layers", dense_layers);
    visit("dense_width", dense_width);
    visit("context", context);
    visit("norm_epsilon", norm_epsilon);
    visit("has_tied_embeddings", has_tied_embeddings);
    visit("mtp_layers", mtp_layers);
    visit("init_std", init_std);
    visit("embedding_std", embedding_std);
    visit("shared_embedding_std", shared_embedding_std);
    visit("look_back", look_back);
    visit("attention", attention);
    visit("moe", moe);
  }

  // Everything that makes these shapes impossible, a sentence each; empty when they are sound.
  std::vector<std::string> problems() const;
  // Throws one Error with all of them.
  void validate() const;
};

// What the config of DeepSeek-V3 itself is: the defaults.
inline ModelConfig deepseek_v3() {
  return {};
}

}  // namespace rq::model
