#include "model/hf_weights.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "base/format.h"
#include "base/json.h"
#include "base/safetensors_folder.h"
#include "base/tensor_bytes.h"
#include "model/parameters.h"

namespace rq::model {
namespace {

namespace fs = std::filesystem;

ModelConfig small_v3() {
  return {.vocab_size = 50,
          .width = 24,
          .layers = 2,
          .dense_layers = 1,
          .dense_width = 40,
          .context = 64,
          .mtp_layers = 1,
          .attention = {.heads = 2,
                        .query_rank = 12,
                        .kv_rank = 8,
                        .nope_width = 6,
                        .rope_width = 4,
                        .value_width = 6,
                        .rope = {}},
          .moe = {.experts = 4, .top_k = 2, .expert_width = 10, .groups = 2, .top_groups = 1}};
}

ModelConfig small_dense() {
  ModelConfig config = small_v3();
  config.dense_layers = config.layers;
  config.mtp_layers = 0;
  config.moe = {.experts = 0};
  config.attention = {.kind = AttentionKind::kGqa,
                      .heads = 4,
                      .kv_heads = 2,
                      .head_width = 6,
                      .has_qkv_bias = true,
                      .rope = {.interleaved = false}};
  return config;
}

Model make(const ModelConfig& config) {
  Model model = make_model(config);
  each_tensor(model, [](const std::string&, Tensor& tensor, Role) {
    tensor = at::randn(tensor.sizes(), at::kFloat);
  });
  return model;
}

using Tensors = std::map<std::string, Tensor>;

class HfWeights : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  Tensors read_all() const {
    Tensors tensors;
    const SafetensorsFolder folder(folder_);
    for (const TensorInfo* const info : folder.tensors()) {
      tensors[info->name] = tensor_of(*info);
    }
    return tensors;
  }
  void write_all(const Tensors& tensors) const {
    std::vector<TensorSpec> specs;
    std::vector<Tensor> values;
    for (const auto& [name, tensor] : tensors) {
      specs.push_back(spec_of(name, tensor));
      values.push_back(tensor.contiguous());
    }
    write_safetensors_folder(
        folder_, specs, 1 << 30, [&](std::size_t i) { return bytes_of(values[i]); });
  }
  // The largest difference between two models of one shape.
  static double difference(Model a, Model b) {
    Tensors of_a;
    each_tensor(a, [&](const std::string& name, Tensor& tensor, Role) { of_a[name] = tensor; });
    double largest = 0;
    std::size_t seen = 0;
    each_tensor(b, [&](const std::string& name, Tensor& tensor, Role) {
      ++seen;
      largest = std::max(largest, (of_a.at(name) - tensor).abs().max().item<double>());
    });
    EXPECT_EQ(seen, of_a.size());
    return largest;
  }
  void expect_refused(std::string_view why) const {
    try {
      load_model(folder_);
      ADD_FAILURE() << "accepted without: " << why;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
    }
  }

  fs::path folder_ = fs::path(testing::TempDir()) / "rorqual_hf_weights_test";
};

TEST_F(HfWeights, WhatIsSavedIsLoadedAlsoFromShards) {
  for (const ModelConfig& config : {small_v3(), small_dense()}) {
    const Model model = make(config);
    for (const std::uint64_t shard_bytes : {std::uint64_t{4000}, std::uint64_t{1} << 30}) {
      save_model(folder_, model, {.begin = {}, .end = 1, .pad = {}}, shard_bytes);
      EXPECT_EQ(difference(model, load_model(folder_)), 0);
      EXPECT_EQ(read_json(folder_ / "generation_config.json").at("eos_token_id"), 1);
    }
  }
}

TEST_F(HfWeights, ARewardModelsScoreStandsUnderTransformersName) {
  Model model = make(small_v3());
  model.score = at::randn({1, 24});
  save_model(folder_, model);
  EXPECT_TRUE(read_all().at("score.weight").equal(model.score));
  EXPECT_EQ(difference(model, load_model(folder_)), 0);
  Tensors tensors = read_all();
  tensors["score.weight"] = at::randn({2, 24});
  write_all(tensors);
  expect_refused("score.weight has the shape [2, 24], config.json says [1, 24]");
}

TEST_F(HfWeights, TheNamesAreThoseOfDeepSeekV3) {
  const Model model = make(small_v3());
  save_model(folder_, model);
  const Tensors tensors = read_all();
  const auto& mixture = std::get<MixtureOfExperts>(model.blocks[1].feed_forward);
  EXPECT_TRUE(tensors.at("model.layers.1.mlp.experts.3.gate_proj.weight")
                  .equal(mixture.experts.gate_up[3].narrow(0, 0, 10)));
  EXPECT_TRUE(tensors.at("model.layers.1.mlp.experts.3.up_proj.weight")
                  .equal(mixture.experts.gate_up[3].narrow(0, 10, 10)));
  EXPECT_TRUE(tensors.at("model.layers.2.eh_proj.weight").equal(model.predictions[0].projection));
  for (const char* const name : {"model.layers.0.self_attn.kv_a_proj_with_mqa.weight",
                                 "model.layers.1.mlp.gate.e_score_correction_bias",
                                 "model.layers.1.mlp.shared_experts.down_proj.weight",
                                 "model.layers.2.enorm.weight",
                                 "model.layers.2.hnorm.weight",
                                 "model.layers.2.embed_tokens.weight",
                                 "model.layers.2.shared_head.norm.weight",
                                 "model.layers.2.shared_head.head.weight",
                                 "lm_head.weight"}) {
    EXPECT_TRUE(tensors.contains(name)) << name;
  }
}

TEST_F(HfWeights, StackedExpertsAreRead) {
  const Model model = make(small_v3());
  save_model(folder_, model);
  Tensors tensors = read_all();
  std::erase_if(tensors, [](const auto& item) {
    return item.first.starts_with("model.layers.1.mlp.experts.");
  });
  const auto& experts = std::get<MixtureOfExperts>(model.blocks[1].feed_forward).experts;
  tensors["model.layers.1.mlp.experts.gate_up_proj"] = experts.gate_up;
  tensors["model.layers.1.mlp.experts.down_proj"] = experts.down;
  write_all(tensors);
  EXPECT_EQ(difference(model, load_model(folder_)), 0);
}

TEST_F(HfWeights, NarrowTypesAreWidened) {
  const Model model = make(small_v3());
  save_model(folder_, model);
  for (const auto& [type, tolerance] :
       {std::pair{at::kHalf, 4e-3}, std::pair{at::kBFloat16, 3e-2}}) {
    Tensors tensors = read_all();
    for (auto& [name, tensor] : tensors) {
      tensor = tensor.to(type);
    }
    write_all(tensors);
    const double off = difference(model, load_model(folder_));
    EXPECT_GT(off, 0);
    EXPECT_LT(off, tolerance);
    save_model(folder_, model);
  }
}

TEST_F(HfWeights, EightBitMatricesAreScaledBlockByBlock) {
  ModelConfig config = small_dense();
  config.dense_width = 300;  // three blocks, the last one partial
  config.width = 130;
  const Model model = make(config);
  save_model(folder_, model);
  Tensors tensors = read_all();
  const std::string name = "model.layers.0.mlp.up_proj.weight";  // [300, 130]
  const Tensor quantised = at::randn({300, 130}).to(at::kFloat8_e4m3fn);
  const Tensor scale = at::rand({3, 2}) + 0.5;
  tensors[name] = quantised;
  tensors[name + "_scale_inv"] = scale;
  write_all(tensors);
  const Model loaded = load_model(folder_);
  const Tensor up = std::get<SwiGlu>(loaded.blocks[0].feed_forward).gate_up.narrow(0, 300, 300);
  const Tensor plain = quantised.to(at::kFloat);
  for (const auto& [row, column] :
       {std::pair{0, 0}, {127, 127}, {128, 127}, {255, 128}, {256, 0}, {299, 129}}) {
    EXPECT_FLOAT_EQ(
        up[row][column].item<float>(),
        plain[row][column].item<float>() * scale[row / 128][column / 128].item<float>());
  }
  tensors[name + "_scale_inv"] = at::rand({2, 2});
  write_all(tensors);
  expect_refused(
      "up_proj.weight needs model.layers.0.mlp.up_proj.weight_scale_inv, F32 of shape [3, 2]");
}

TEST_F(HfWeights, PromisedPredictionLayersMayBeAbsent) {
  save_model(folder_, make(small_v3()));
  Tensors tensors = read_all();
  std::erase_if(tensors,
                [](const auto& item) { return item.first.starts_with("model.layers.2."); });
  write_all(tensors);
  EXPECT_TRUE(load_model(folder_).predictions.empty());
}

TEST_F(HfWeights, ATiedHeadIsNotWrittenAndIsIgnored) {
  ModelConfig config = small_dense();
  config.has_tied_embeddings = true;
  save_model(folder_, make(config));
  Tensors tensors = read_all();
  EXPECT_FALSE(tensors.contains("lm_head.weight"));
  tensors["lm_head.weight"] = tensors.at("model.embed_tokens.weight");
  write_all(tensors);
  EXPECT_FALSE(load_model(folder_).head.defined());
}

TEST_F(HfWeights, NoSharedExpertsMayBeTensorsWithoutRows) {
  ModelConfig config = small_v3();
  config.moe.shared_experts = 0;
  const Model model = make(config);
  save_model(folder_, model);
  Tensors tensors = read_all();
  EXPECT_EQ(tensors.at("model.layers.1.mlp.shared_experts.up_proj.weight").numel(), 0);
  EXPECT_EQ(difference(model, load_model(folder_)), 0);
  std::erase_if(tensors, [](const auto& item) { return item.second.numel() == 0; });
  write_all(tensors);
  EXPECT_EQ(difference(model, load_model(folder_)), 0);
}

TEST_F(HfWeights, OfAllThatDoesNotFitTheFirstAreListedAndTheOthersCounted) {
  save_model(folder_, make(small_v3()));
  Tensors tensors = read_all();
  tensors.erase("model.norm.weight");
  tensors["model.layers.0.mlp.up_proj.weight"] = at::zeros({40, 23});
  for (int i = 0; i < 20; ++i) {
    tensors[fmt::format("model.surprise.{}", i)] = at::zeros({1});
  }
  tensors["model.layers.1.mlp.gate.weight"] = at::zeros({4, 24}, at::kInt);
  write_all(tensors);
  for (const char* const why : {"model.norm.weight is missing",
                                "up_proj.weight has the shape [40, 23], config.json says [40, 24]",
                                "model.surprise.0 is unknown",
                                "gate.weight is of type I32",
                                "; and 11 more"}) {
    expect_refused(why);
  }
}

TEST_F(HfWeights, SharedExpertsThatTheConfigDeniesAreRefused) {
  save_model(folder_, make(small_v3()));
  Json config = read_json(folder_ / "config.json");
  config["n_shared_experts"] = 0;
  write_json(folder_ / "config.json", config);
  expect_refused(
      "shared_experts.gate_proj.weight has the shape [10, 24], config.json says [0, 24]");
}

TEST_F(HfWeights, AConfigThatAsksForMuchMoreThanThereIsIsRefusedBeforeMemoryIsTaken) {
  save_model(folder_, make(small_v3()));
  const Json sound = read_json(folder_ / "config.json");
  const auto expect_refused_with = [&](const char* key, std::int64_t value, std::string_view why) {
    Json config = sound;
    config[key] = value;
    write_json(folder_ / "config.json", config);
    expect_refused(why);
  };
  constexpr std::int64_t kMost = std::int64_t{1} << 30;
  expect_refused_with("vocab_size", kMost, "config.json says [1073741824, 24]");
  expect_refused_with("num_hidden_layers", kMost, "1073741824 layers");
  expect_refused_with("num_nextn_predict_layers", kMost, "1073741824 MTP layers");
  expect_refused_with("n_routed_experts", kMost, "1073741824 experts");
  expect_refused_with("intermediate_size", kMost, "config.json says [1073741824, 24]");
  expect_refused_with("moe_intermediate_size", kMost, "config.json says [1073741824, 24]");
  expect_refused_with("n_shared_experts", kMost, "config.json says [10737418240, 24]");
  expect_refused_with("q_lora_rank", kMost, "config.json says [1073741824, 24]");
  expect_refused_with("qk_nope_head_dim", kMost, "config.json says [2147483656, 12]");
  expect_refused_with("num_attention_heads", kMost, "config.json says [10737418240, 12]");
  expect_refused_with("kv_lora_rank", kMost + 1, "\"kv_lora_rank\" is 1073741825");
  Json config = sound;  // each size is possible, not their product
  config["num_attention_heads"] = config["qk_nope_head_dim"] = config["q_lora_rank"] = kMost;
  write_json(folder_ / "config.json", config);
  expect_refused("no memory holds");
}

}  // namespace
}  // namespace rq::model
