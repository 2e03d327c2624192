// Counting against published figures, and the formulas of plan/flops.h against numbers worked out
// by hand.

#include <cstdint>

#include <gtest/gtest.h>

#include "model/config.h"
#include "plan/flops.h"
#include "plan/parameters.h"
#include "plan/published.h"

namespace rq::plan {
namespace {

using model::ModelConfig;

TEST(CountParameters, GivesThePublishedTotals) {
  for (const PublishedModel& published : published_models()) {
    EXPECT_TRUE(published.config.problems().empty()) << published.name;
    EXPECT_EQ(count_parameters(published.config).stored.total(), published.parameters)
        << published.name;
  }
}

TEST(CountParameters, GivesV3sPartsAndWhatATokenActivates) {
  const ModelConfig v3 = model::deepseek_v3();
  const ParameterCount count = count_parameters(v3);
  EXPECT_EQ(attention_parameters(v3.attention, v3.width), kV3AttentionOfALayer);
  EXPECT_EQ(mixture_parameters(v3.moe, v3.width), kV3MixtureOfALayer);
  EXPECT_EQ(count.activated.total(), kV3Activated);
  EXPECT_EQ(count.activated.total() - count.activated.embedding, kV3ActivatedWithoutEmbedding);
  EXPECT_EQ(count.prediction, kV3Prediction);
  EXPECT_EQ(count.total(), 671'026'419'200 + kV3Prediction);
  // README_WEIGHTS: 2.4 B activated with embedding and head.
  EXPECT_EQ(count.prediction_activated + count.stored.embedding + count.stored.head, 2'541'458'432);
}

TEST(CountParameters, OfADenseTiedModelActivatesAll) {
  ModelConfig config;
  config.vocab_size = 100;
  config.width = 8;
  config.layers = 2;
  config.dense_width = 16;
  config.mtp_layers = 0;
  config.has_tied_embeddings = true;
  config.moe.experts = 0;
  config.attention.kind = model::AttentionKind::kGqa;
  config.attention.heads = 4;
  config.attention.kv_heads = 2;
  config.attention.head_width = 2;
  config.attention.has_qkv_bias = true;
  const ParameterCount count = count_parameters(config);
  // Query, key, value 8x8, 4x8, 4x8 with biases; output 8x8; feed-forward 3x8x16; norms.
  EXPECT_EQ(count.stored.attention, 2 * (64 + 32 + 32 + 16 + 64));
  EXPECT_EQ(count.stored.total(), 800 + 2 * (208 + 384 + 16) + 8);
  EXPECT_EQ(count.activated.total(), count.stored.total());
  EXPECT_EQ(count.stored.head, 0);
}

TEST(Flops, OfTrainingAreSixTimesTheActivatedParametersAndTheAttention) {
  ModelConfig v3 = model::deepseek_v3();
  const double attention = 61.0 * 128 * (192 + 128) * 4097 / 2;
  EXPECT_DOUBLE_EQ(forward_flops(v3, 4096), 2 * (36'625'603'584.0 + attention));
  v3.mtp_layers = 0;
  EXPECT_DOUBLE_EQ(training_flops(v3, 4096), 6 * (36'625'603'584.0 + attention));
}

TEST(Flops, OfAPredictionLayerCountItsBlockItsAttentionAndTheHeadOnceMore) {
  ModelConfig v3 = model::deepseek_v3();
  const double with = training_flops(v3, 4096);
  v3.mtp_layers = 0;
  const double attention = 128.0 * (192 + 128) * 4097 / 2;
  const double own = 2'541'458'432.0 - 129280.0 * 7168;  // embedding and head, less the embedding
  EXPECT_NEAR((with - training_flops(v3, 4096)) / (6 * (own + attention)), 1.0, 1e-9);
}

TEST(Flops, OfATiedHeadAreThoseOfAnUntiedOne) {
  ModelConfig tied = model::deepseek_v3();
  tied.has_tied_embeddings = true;
  EXPECT_DOUBLE_EQ(forward_flops(tied, 4096), forward_flops(model::deepseek_v3(), 4096));
}

TEST(CacheBytes, AreThoseOfTheLatentAndTheRotaryKeyInEveryLayer) {
  EXPECT_EQ(cache_bytes(model::deepseek_v3(), 2), 70'272);
  ModelConfig grouped = model::deepseek_v3();
  grouped.attention.kind = model::AttentionKind::kGqa;
  EXPECT_EQ(cache_bytes(grouped, 2), 61 * 2 * 128 * 128 * 2);  // 57 times as much
}

}  // namespace
}  // namespace rq::plan
