#include "model/config.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"

namespace rq::model {
namespace {

// Whether one of the sentences has the words.
bool names(const std::vector<std::string>& sentences, const std::string& words) {
  for (const std::string& sentence : sentences) {
    if (sentence.find(words) != std::string::npos) {
      return true;
    }
  }
  return false;
}

TEST(ModelConfig, OfV3IsSound) {
  EXPECT_TRUE(deepseek_v3().problems().empty());
  EXPECT_NO_THROW(deepseek_v3().validate());
}

TEST(ModelConfig, NamesAllImpossibleShapesAtOnce) {
  ModelConfig config;
  config.width = 0;
  config.dense_layers = 62;
  config.mtp_layers = -1;
  config.attention.rope_width = 63;
  config.attention.kv_rank = 0;
  config.attention.rope.beta_fast = 1;
  config.moe.top_k = 300;
  config.moe.groups = 7;
  config.moe.top_groups = 9;
  const auto problems = config.problems();
  EXPECT_TRUE(names(problems, "width=0 must be at least 1"));
  EXPECT_TRUE(names(problems, "dense_layers=62 must lie between 0 and layers=61"));
  EXPECT_TRUE(names(problems, "mtp_layers=-1"));
  EXPECT_TRUE(names(problems, "rotary width 63 must be even"));
  EXPECT_TRUE(names(problems, "attention.kv_rank=0"));
  EXPECT_TRUE(names(problems, "attention.rope.beta_fast=1 must exceed beta_slow=1"));
  EXPECT_TRUE(names(problems, "moe.top_k=300 exceeds moe.experts=256"));
  EXPECT_TRUE(names(problems, "moe.experts=256 is not divisible by moe.groups=7"));
  EXPECT_TRUE(names(problems, "moe.top_groups=9 must lie between 1 and moe.groups=7"));
  try {
    config.validate();
    FAIL() << "accepted";
  } catch (const Error& error) {
    for (const std::string& problem : problems) {
      EXPECT_TRUE(names({error.what()}, problem));
    }
  }
}

TEST(ModelConfig, RefusesMoreExpertsATokenThanItsGroupsHold) {
  ModelConfig config;
  config.moe.top_groups = 1;
  config.moe.top_k = 33;  // of the 32 in a group
  EXPECT_TRUE(names(config.problems(), "moe.top_k=33 exceeds the 32 experts of moe.top_groups=1"));
  config.moe.top_k = 32;
  EXPECT_TRUE(config.problems().empty());
}

TEST(ModelConfig, RefusesTopTwoOfGroupsOfOne) {
  ModelConfig config;
  config.moe.groups = 256;
  config.moe.top_groups = 8;
  EXPECT_TRUE(names(config.problems(), "needs at least 2 experts a group, there are 1"));
  config.moe.group_score = GroupScore::kMax;
  EXPECT_TRUE(config.problems().empty());
}

TEST(ModelConfig, ChecksOnlyTheKindOfAttentionItHas) {
  ModelConfig config;
  config.attention.kind = AttentionKind::kGqa;
  config.attention.kv_rank = 0;  // MLA's
  EXPECT_TRUE(config.problems().empty());
  config.attention.kv_heads = 3;
  EXPECT_TRUE(
      names(config.problems(), "attention.heads=128 is not divisible by attention.kv_heads=3"));
}

TEST(ModelConfig, ADenseModelNeedsNoMixtureButADenseWidth) {
  ModelConfig config;
  config.moe.experts = 0;
  config.moe.top_k = 0;
  EXPECT_TRUE(config.problems().empty());
  EXPECT_FALSE(config.is_moe_layer(60));
  config.dense_layers = 0;
  config.dense_width = 0;
  EXPECT_TRUE(names(config.problems(), "dense_width=0"));
}

TEST(AttentionConfig, CachesTheLatentAndOneKeyOrAllKeysAndValues) {
  AttentionConfig attention;
  EXPECT_EQ(attention.cache_width(), 576);
  attention.kind = AttentionKind::kGqa;
  EXPECT_EQ(attention.cache_width(), 2 * 128 * 128);
}

}  // namespace
}  // namespace rq::model
