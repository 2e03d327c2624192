#include "model/hf_config.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/json.h"
#include "model/rope_frequencies.h"

namespace rq::model {
namespace {

namespace fs = std::filesystem;

class HfConfig : public testing::Test {
 protected:
  void TearDown() override { fs::remove(path_); }

  ModelConfig read(const Json& json) const {
    std::ofstream(path_) << json.dump();
    return read_hf_config(path_);
  }
  void expect_refused(const Json& json, std::string_view why) const {
    try {
      read(json);
      ADD_FAILURE() << "accepted: " << json.dump();
    } catch (const Error& error) {
      const std::string what = error.what();
      EXPECT_TRUE(what.starts_with(path_.string())) << what;
      EXPECT_NE(what.find(why), std::string::npos) << what;
    }
  }
  static Json v3() {
    return Json{{"model_type", "deepseek_v3"},
                {"vocab_size", 512},
                {"hidden_size", 64},
                {"num_hidden_layers", 3},
                {"intermediate_size", 128},
                {"max_position_embeddings", 4096},
                {"num_attention_heads", 4},
                {"q_lora_rank", nullptr},
                {"kv_lora_rank", 16},
                {"qk_nope_head_dim", 8},
                {"qk_rope_head_dim", 8},
                {"v_head_dim", 8},
                {"n_routed_experts", 8},
                {"n_shared_experts", 1},
                {"num_experts_per_tok", 2},
                {"moe_intermediate_size", 32},
                {"n_group", 4},
                {"topk_group", 2},
                {"first_k_dense_replace", 1},
                {"routed_scaling_factor", 2.5}};
  }
  static Json llama() {
    return Json{{"model_type", "llama"},
                {"vocab_size", 512},
                {"hidden_size", 64},
                {"num_hidden_layers", 2},
                {"intermediate_size", 128},
                {"max_position_embeddings", 128},
                {"num_attention_heads", 4}};
  }
  static Json with(Json json, const std::string& key, const Json& value) {
    json[key] = value;
    return json;
  }
  // What is written and read back writes the same text.
  void expect_round_trip(const ModelConfig& config) const {
    write_hf_config(config, path_, {.begin = 0, .end = 1, .pad = {}});
    const Json first = read_json(path_);
    write_hf_config(read_hf_config(path_), path_, {.begin = 0, .end = 1, .pad = {}});
    EXPECT_EQ(read_json(path_), first);
  }

  fs::path path_ = fs::path(testing::TempDir()) / "rorqual_hf_config_test.json";
};

TEST_F(HfConfig, DeepSeekV3sKeysAreRead) {
  const ModelConfig config = read(v3());
  EXPECT_EQ(config.width, 64);
  EXPECT_EQ(config.dense_layers, 1);
  EXPECT_EQ(config.attention.query_rank, 0);
  EXPECT_EQ(config.attention.kv_rank, 16);
  EXPECT_TRUE(config.attention.rope.interleaved);
  EXPECT_EQ(config.moe.groups, 4);
  EXPECT_EQ(config.moe.top_groups, 2);
  EXPECT_EQ(config.mtp_layers, 0);
  EXPECT_TRUE(config.moe.has_selection_bias);
  EXPECT_FALSE(read(with(v3(), "rope_interleave", false)).attention.rope.interleaved);
  EXPECT_EQ(read(with(v3(), "q_lora_rank", 24)).attention.query_rank, 24);
  EXPECT_EQ(read(with(v3(), "n_shared_experts", nullptr)).moe.shared_experts, 0);
  EXPECT_EQ(read(with(v3(), "n_shared_experts", 0)).moe.shared_experts, 0);
  EXPECT_EQ(read(with(v3(), "num_mtp_layers", 1)).mtp_layers, 1);
  EXPECT_EQ(read(with(v3(), "num_nextn_predict_layers", 2)).mtp_layers, 2);
  EXPECT_TRUE(read(with(v3(), "tie_word_embeddings", true)).has_tied_embeddings);
  EXPECT_TRUE(read(with(v3(), "attention_bias", true)).attention.has_qkv_bias);
}

TEST_F(HfConfig, BothSpellingsOfYarnAreRead) {
  const Json yarn{{"factor", 40},
                  {"beta_fast", 32},
                  {"beta_slow", 1},
                  {"mscale", 1.0},
                  {"mscale_all_dim", 1.0},
                  {"original_max_position_embeddings", 1024}};
  Json old = with(v3(), "rope_theta", 5000);
  old["rope_scaling"] = with(yarn, "type", "yarn");
  Json modern = v3();
  modern["rope_parameters"] = with(with(yarn, "rope_type", "yarn"), "rope_theta", 5000);
  for (const Json& json : {old, modern}) {
    const ModelConfig config = read(json);
    const RopeConfig& rope = config.attention.rope;
    EXPECT_EQ(rope.scaling, RopeScaling::kYarn);
    EXPECT_EQ(rope.theta, 5000);
    EXPECT_EQ(rope.factor, 40);
    EXPECT_EQ(rope.original_context, 1024);
    EXPECT_DOUBLE_EQ(rope_magnitude(rope), 1);
    EXPECT_NEAR(softmax_scale(config.attention) * 4, 1.87385, 1e-5);
  }
}

// transformers: without both mscales, cos and sin grow by 0.1 ln s + 1, and the softmax by
// mscale_all_dim alone.
TEST_F(HfConfig, TheMagnitudeOfYarnIsThatOfTransformers) {
  const double plain = 0.1 * std::log(4.0) + 1;
  const auto rope_of = [&](const Json& more) {
    Json rope{{"rope_type", "yarn"}, {"factor", 4.0}, {"original_max_position_embeddings", 1024}};
    rope.update(more);
    return read(with(v3(), "rope_parameters", rope)).attention;
  };
  EXPECT_DOUBLE_EQ(rope_magnitude(rope_of(Json::object()).rope), plain);
  EXPECT_DOUBLE_EQ(softmax_scale(rope_of(Json::object())), 0.25);
  EXPECT_DOUBLE_EQ(rope_magnitude(rope_of({{"mscale", 0.7}}).rope), plain);
  EXPECT_DOUBLE_EQ(rope_magnitude(rope_of({{"mscale_all_dim", 0.7}}).rope), plain);
  EXPECT_DOUBLE_EQ(softmax_scale(rope_of({{"mscale_all_dim", 1}})), 0.25 * plain * plain);
  EXPECT_DOUBLE_EQ(
      rope_magnitude(rope_of({{"attention_factor", 1.5}, {"mscale_all_dim", 0.7}}).rope), 1.5);
  EXPECT_DOUBLE_EQ(rope_magnitude(rope_of({{"mscale", 1.0}, {"mscale_all_dim", 0.5}}).rope),
                   plain / (0.05 * std::log(4.0) + 1));
}

TEST_F(HfConfig, OtherScalingsOfRotaryFrequenciesAreRead) {
  const Json llama3{{"rope_type", "llama3"},
                    {"factor", 8},
                    {"low_freq_factor", 1},
                    {"high_freq_factor", 4},
                    {"original_max_position_embeddings", 64}};
  const ModelConfig config = read(with(llama(), "rope_scaling", llama3));
  EXPECT_EQ(config.attention.rope.scaling, RopeScaling::kLlama3);
  EXPECT_EQ(config.attention.rope.original_context, 64);
  const Json linear{{"type", "linear"}, {"factor", 2}};
  EXPECT_EQ(read(with(llama(), "rope_scaling", linear)).attention.rope.scaling,
            RopeScaling::kLinear);
  EXPECT_DOUBLE_EQ(softmax_scale(read(with(v3(), "rope_scaling", linear)).attention), 0.25);
  for (const char* const type : {"dynamic", "longrope", "none", "proportional"}) {
    expect_refused(with(llama(), "rope_scaling", {{"type", type}, {"factor", 2}}), type);
  }
  expect_refused(with(llama(), "partial_rotary_factor", 0.5), "partial_rotary_factor");
  expect_refused(with(llama(), "rope_parameters", {{"full_attention", Json::object()}}),
                 "full_attention");
}

TEST_F(HfConfig, DenseModelsAreRead) {
  const ModelConfig config = read(with(with(llama(), "num_key_value_heads", 2), "head_dim", 32));
  EXPECT_EQ(config.attention.kind, AttentionKind::kGqa);
  EXPECT_EQ(config.attention.kv_heads, 2);
  EXPECT_EQ(config.attention.head_width, 32);
  EXPECT_FALSE(config.attention.has_qkv_bias);
  EXPECT_FALSE(config.attention.rope.interleaved);
  EXPECT_EQ(config.moe.experts, 0);
  const ModelConfig qwen2 = read(with(llama(), "model_type", "qwen2"));
  EXPECT_TRUE(qwen2.attention.has_qkv_bias);
  EXPECT_FALSE(qwen2.attention.has_output_bias);
  EXPECT_EQ(qwen2.attention.head_width, 16);
}

TEST_F(HfConfig, DeepSeekV2sRouterIsRead) {
  const ModelConfig greedy = read(with(v3(), "model_type", "deepseek_v2"));
  EXPECT_EQ(greedy.moe.scoring, Scoring::kSoftmax);
  EXPECT_FALSE(greedy.moe.has_selection_bias);
  EXPECT_EQ(greedy.moe.groups, 1);
  const ModelConfig limited =
      read(with(with(v3(), "model_type", "deepseek_v2"), "topk_method", "group_limited_greedy"));
  EXPECT_EQ(limited.moe.groups, 4);
  EXPECT_EQ(limited.moe.group_score, GroupScore::kMax);
}

TEST_F(HfConfig, WhatIsNotComputedIsRefusedByName) {
  expect_refused(with(v3(), "model_type", "gpt2"), "\"gpt2\"");
  expect_refused(with(v3(), "topk_method", "greedy"), "topk_method");
  expect_refused(with(v3(), "scoring_func", "softmax"), "scoring_func");
  expect_refused(with(v3(), "hidden_act", "gelu"), "hidden_act");
  expect_refused(with(v3(), "moe_layer_freq", 2), "moe_layer_freq");
  expect_refused(with(llama(), "mlp_bias", true), "mlp_bias");
  expect_refused(with(with(llama(), "model_type", "qwen2"), "use_sliding_window", true),
                 "use_sliding_window");
  expect_refused(with(v3(), "hidden_size", "64"), "hidden_size");
  expect_refused(with(v3(), "kv_lora_rank", nullptr), "\"kv_lora_rank\" is missing");
  expect_refused(Json::array(), "not a JSON object");
}

TEST_F(HfConfig, ImpossibleShapesAreRefusedAllAtOnce) {
  Json json = with(v3(), "num_experts_per_tok", 9);
  json["n_group"] = 3;
  expect_refused(json, "top_k=9 exceeds");
  expect_refused(json, "not divisible by moe.groups=3");
  expect_refused(with(llama(), "num_attention_heads", 0), "num_attention_heads");
  expect_refused(with(llama(), "num_key_value_heads", 3), "kv_heads=3");
}

TEST_F(HfConfig, WhatIsWrittenIsReadBack) {
  expect_round_trip(deepseek_v3());
  ModelConfig yarn = deepseek_v3();
  yarn.attention.rope.scaling = RopeScaling::kYarn;
  yarn.attention.rope.factor = 40;
  expect_round_trip(yarn);
  yarn.attention.rope.mscale_all_dim = 0;
  expect_round_trip(yarn);
  ModelConfig tied = read(with(llama(), "tie_word_embeddings", true));
  expect_round_trip(tied);
  expect_round_trip(read(with(llama(), "model_type", "qwen2")));
  expect_round_trip(
      read(with(with(v3(), "model_type", "deepseek_v2"), "topk_method", "group_limited_greedy")));
  ModelConfig dense = read(v3());
  dense.moe.experts = 0;
  expect_round_trip(dense);
}

TEST_F(HfConfig, ANetworkWithoutAModelTypeIsNotWritten) {
  ModelConfig config = deepseek_v3();
  config.moe.has_selection_bias = false;
  EXPECT_THROW(write_hf_config(config, path_), Error);
  ModelConfig grouped = read(llama());
  grouped.attention.rope.interleaved = true;
  EXPECT_THROW(write_hf_config(grouped, path_), Error);
}

}  // namespace
}  // namespace rq::model
