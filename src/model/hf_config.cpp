#include "model/hf_config.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "model/internal/hf_rope.h"

namespace rq::model {
namespace {

namespace fs = std::filesystem;

// Of every size and count: products of two and sums of those fit 64 bits.
constexpr std::int64_t kLargestSize = std::int64_t{1} << 30;

// Reading config.json, with its path in every error.
struct Source {
  const Json& json;
  std::string origin;

  template <typename T>
  T get(const std::string& key, T fallback) const {
    return json_value(json, key, std::move(fallback), origin);
  }
  bool has(const std::string& key) const { return json.contains(key) && !json.at(key).is_null(); }
  std::int64_t size(const std::string& key) const {
    check(has(key), "{}: \"{}\" is missing", origin, key);
    const Json& value = json.at(key);
    check(value.is_number_integer() && value.get<std::int64_t>() <= kLargestSize,
          "{}: \"{}\" is {}, not a whole number up to 2^30",
          origin,
          key,
          value.dump());
    return value.get<std::int64_t>();
  }
  std::int64_t size(const std::string& key, std::int64_t fallback) const {
    return has(key) ? size(key) : fallback;
  }
  // Keys whose other values mean another computation.
  template <typename T>
  void expect(const std::string& key, const T& supported) const {
    const T value = get(key, supported);
    check(value == supported,
          "{}: \"{}\" is {}, only {} is supported",
          origin,
          key,
          Json(value).dump(),
          Json(supported).dump());
  }
};

void read_common(const Source& source, ModelConfig& config) {
  config.vocab_size = source.size("vocab_size");
  config.width = source.size("hidden_size");
  config.layers = source.size("num_hidden_layers");
  config.dense_width = source.size("intermediate_size");
  config.context = source.size("max_position_embeddings");
  config.norm_epsilon = source.get("rms_norm_eps", 1e-6);
  config.init_std = source.get("initializer_range", 0.02);
  config.has_tied_embeddings = source.get("tie_word_embeddings", false);
  config.attention.heads = source.size("num_attention_heads");
  source.expect<std::string>("hidden_act", "silu");
  source.expect("mlp_bias", false);
}

void read_latent_attention(const Source& source, AttentionConfig& attention) {
  attention.kind = AttentionKind::kMla;
  attention.query_rank = source.size("q_lora_rank", 0);
  attention.kv_rank = source.size("kv_lora_rank");
  attention.nope_width = source.size("qk_nope_head_dim");
  attention.rope_width = source.size("qk_rope_head_dim");
  attention.value_width = source.size("v_head_dim");
  attention.has_qkv_bias = source.get("attention_bias", false);
  attention.has_output_bias = attention.has_qkv_bias;
}

void read_experts(const Source& source, ModelConfig& config) {
  MoeConfig& moe = config.moe;
  moe.experts = source.size("n_routed_experts", 0);
  config.dense_layers = std::clamp<std::int64_t>(
      source.size("first_k_dense_replace", 0), 0, std::max<std::int64_t>(config.layers, 0));
  if (moe.experts == 0) {
    config.dense_layers = config.layers;
    return;
  }
  moe.shared_experts = source.size("n_shared_experts", 0);
  moe.top_k = source.size("num_experts_per_tok");
  moe.expert_width = source.size("moe_intermediate_size");
  moe.route_scale = source.get("routed_scaling_factor", 1.0);
  source.expect<std::int64_t>("moe_layer_freq", 1);
}

void read_v3(const Source& source, ModelConfig& config) {
  read_latent_attention(source, config.attention);
  read_experts(source, config);
  source.expect<std::string>("topk_method", "noaux_tc");
  source.expect<std::string>("scoring_func", "sigmoid");
  config.attention.rope.interleaved = source.get("rope_interleave", true);
  config.mtp_layers = source.size("num_nextn_predict_layers", source.size("num_mtp_layers", 0));
  if (config.moe.experts > 0) {
    config.moe.groups = source.size("n_group", 1);
    config.moe.top_groups = source.size("topk_group", 1);
    config.moe.is_normalized = source.get("norm_topk_prob", true);
  }
}

void read_v2(const Source& source, ModelConfig& config) {
  read_latent_attention(source, config.attention);
  read_experts(source, config);
  config.mtp_layers = 0;
  MoeConfig& moe = config.moe;
  moe.scoring = Scoring::kSoftmax;
  moe.group_score = GroupScore::kMax;
  moe.has_selection_bias = false;
  moe.is_normalized = false;
  moe.groups = moe.top_groups = 1;
  source.expect<std::string>("scoring_func", "softmax");
  // NOTE: where it is true, DeepSeek's own code normalises and does not scale, and transformers
  // ignores it.
  source.expect("norm_topk_prob", false);
  const auto method = source.get<std::string>("topk_method", "greedy");
  if (method == "group_limited_greedy") {
    moe.groups = source.size("n_group");
    moe.top_groups = source.size("topk_group");
  } else {
    check(method == "greedy",
          "{}: \"topk_method\" is \"{}\", deepseek_v2 has greedy and group_limited_greedy",
          source.origin,
          method);
  }
}

void read_grouped(const Source& source, ModelConfig& config, bool is_qwen2) {
  AttentionConfig& attention = config.attention;
  attention.kind = AttentionKind::kGqa;
  attention.rope.interleaved = false;
  attention.kv_heads = source.size("num_key_value_heads", attention.heads);
  check(attention.heads >= 1,
        "{}: \"num_attention_heads\" is {}, at least 1 is needed",
        source.origin,
        attention.heads);
  attention.head_width = source.size("head_dim", config.width / attention.heads);
  attention.has_qkv_bias = is_qwen2 || source.get("attention_bias", false);
  attention.has_output_bias = !is_qwen2 && attention.has_qkv_bias;
  config.moe.experts = 0;
  config.mtp_layers = 0;
  config.dense_layers = config.layers;
  source.expect("use_sliding_window", false);
}

// The model_type whose computation this network is.
std::string model_type_of(const ModelConfig& config, const std::string& origin) {
  const AttentionConfig& attention = config.attention;
  const MoeConfig& moe = config.moe;
  if (attention.kind == AttentionKind::kGqa) {
    check(moe.experts == 0 && config.mtp_layers == 0 && !attention.rope.interleaved,
          "{}: grouped-query attention with experts ({}), MTP layers ({}) or interleaved rotary "
          "pairs ({}) has no "
          "Hugging Face model_type",
          origin,
          moe.experts,
          config.mtp_layers,
          attention.rope.interleaved);
    check(attention.has_qkv_bias || !attention.has_output_bias,
          "{}: a bias on the output alone has no Hugging Face model_type",
          origin);
    return attention.has_qkv_bias && !attention.has_output_bias ? "qwen2" : "llama";
  }
  check(attention.has_qkv_bias == attention.has_output_bias,
        "{}: latent attention has biases on projections and output both or neither",
        origin);
  const bool is_v3 = moe.scoring == Scoring::kSigmoid && moe.has_selection_bias &&
                     (moe.groups == 1 || moe.group_score == GroupScore::kTopTwoSum);
  const bool is_v2 = moe.scoring == Scoring::kSoftmax && !moe.has_selection_bias &&
                     !moe.is_normalized && attention.rope.interleaved && config.mtp_layers == 0 &&
                     (moe.groups == 1 || moe.group_score == GroupScore::kMax);
  check(moe.experts == 0 || is_v3 || is_v2,
        "{}: this router is neither DeepSeek-V3's (sigmoid, selection bias, top-two-sum) nor "
        "DeepSeek-V2's (softmax, "
        "no selection bias, not normalised, max, interleaved, no MTP)",
        origin);
  return moe.experts == 0 || is_v3 ? "deepseek_v3" : "deepseek_v2";
}

std::string architecture_of(std::string_view model_type) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kNames{
      {{"deepseek_v3", "DeepseekV3ForCausalLM"},
       {"deepseek_v2", "DeepseekV2ForCausalLM"},
       {"llama", "LlamaForCausalLM"},
       {"qwen2", "Qwen2ForCausalLM"}}};
  const auto* const found =
      std::ranges::find(kNames, model_type, [](const auto& row) { return row.first; });
  return std::string(found->second);
}

void write_latent(const ModelConfig& config, bool is_v3, Json& json) {
  const AttentionConfig& attention = config.attention;
  const bool is_dense = config.moe.experts == 0;
  const MoeConfig moe = is_dense ? MoeConfig{.experts = 0, .shared_experts = 0} : config.moe;
  json["q_lora_rank"] = attention.query_rank == 0 ? Json() : Json(attention.query_rank);
  json["kv_lora_rank"] = attention.kv_rank;
  json["qk_nope_head_dim"] = attention.nope_width;
  json["qk_rope_head_dim"] = attention.rope_width;
  json["v_head_dim"] = attention.value_width;
  json["num_key_value_heads"] = attention.heads;
  json["attention_bias"] = attention.has_qkv_bias;
  json["n_routed_experts"] = moe.experts;
  json["n_shared_experts"] = moe.shared_experts;
  json["num_experts_per_tok"] = moe.top_k;
  json["moe_intermediate_size"] = moe.expert_width;
  json["moe_layer_freq"] = 1;
  json["first_k_dense_replace"] = is_dense ? config.layers : config.dense_layers;
  json["n_group"] = moe.groups;
  json["topk_group"] = moe.top_groups;
  json["norm_topk_prob"] = moe.is_normalized;
  json["routed_scaling_factor"] = moe.route_scale;
  json["scoring_func"] = is_v3 ? "sigmoid" : "softmax";
  if (is_v3) {
    json["topk_method"] = "noaux_tc";
    json["rope_interleave"] = attention.rope.interleaved;
    json["num_nextn_predict_layers"] = config.mtp_layers;
  } else {
    json["topk_method"] = moe.groups == 1 ? "greedy" : "group_limited_greedy";
  }
}

}  // namespace

ModelConfig read_hf_config(const fs::path& config_json) {
  const Json json = read_json(config_json);
  const Source source{json, config_json.string()};
  check(json.is_object(), "{}: not a JSON object", source.origin);
  const auto type = source.get<std::string>("model_type", "");
  ModelConfig config;
  read_common(source, config);
  if (type == "deepseek_v3") {
    read_v3(source, config);
  } else if (type == "deepseek_v2") {
    read_v2(source, config);
  } else {
    check(type == "llama" || type == "qwen2",
          "{}: \"model_type\" is \"{}\"; deepseek_v3, deepseek_v2, llama and qwen2 are supported",
          source.origin,
          type);
    read_grouped(source, config, type == "qwen2");
  }
  internal::read_rope(json, source.origin, config);
  const auto problems = config.problems();
  check(problems.empty(), "{}: {}", source.origin, fmt::join(problems, "; "));
  return config;
}

SpecialTokenIds read_special_token_ids(const fs::path& config_json) {
  const Json json = read_json(config_json);
  const auto id = [&](const char* key) -> std::optional<std::int64_t> {
    const auto found = json.find(key);
    if (found == json.end() || found->empty()) {
      return std::nullopt;
    }
    const Json& value = found->is_array() ? found->front() : *found;
    return value.is_number_integer() ? std::optional(value.get<std::int64_t>()) : std::nullopt;
  };
  return {.begin = id("bos_token_id"), .end = id("eos_token_id"), .pad = id("pad_token_id")};
}

void write_hf_config(const ModelConfig& config,
                     const fs::path& config_json,
                     const SpecialTokenIds& special) {
  config.validate();
  const std::string type = model_type_of(config, config_json.string());
  const AttentionConfig& attention = config.attention;
  Json json{{"architectures", {architecture_of(type)}},
            {"model_type", type},
            {"vocab_size", config.vocab_size},
            {"hidden_size", config.width},
            {"num_hidden_layers", config.layers},
            {"intermediate_size", config.dense_width},
            {"num_attention_heads", attention.heads},
            {"max_position_embeddings", config.context},
            {"rms_norm_eps", config.norm_epsilon},
            {"initializer_range", config.init_std},
            {"tie_word_embeddings", config.has_tied_embeddings},
            {"hidden_act", "silu"},
            {"torch_dtype", "float32"}};
  if (attention.kind == AttentionKind::kMla) {
    write_latent(config, type == "deepseek_v3", json);
  } else {
    json["num_key_value_heads"] = attention.kv_heads;
    json["head_dim"] = attention.head_width;
    if (type == "llama") {
      json["attention_bias"] = attention.has_qkv_bias;
    }
  }
  internal::write_rope(config, json);
  const auto id = [](const std::optional<std::int64_t>& value) {
    return value ? Json(*value) : Json();
  };
  json["bos_token_id"] = id(special.begin);
  json["eos_token_id"] = id(special.end);
  json["pad_token_id"] = id(special.pad);
  write_json(config_json, json);
}

}  // namespace rq::model
