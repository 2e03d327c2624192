#include "model/config.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/require.h"

namespace rq::model {
namespace {

void check_rope(const AttentionConfig& attention, Requirements& problems) {
  const RopeConfig& rope = attention.rope;
  problems.require(attention.rotary_width() % 2 == 0,
                   "attention.{}: the rotary width {} must be even",
                   attention.kind == AttentionKind::kMla ? "rope_width" : "head_width",
                   attention.rotary_width());
  problems.require(rope.theta > 1, "attention.rope.theta={} must exceed 1", rope.theta);
  problems.require(rope.factor >= 1, "attention.rope.factor={} must be at least 1", rope.factor);
  problems.require(rope.original_context >= 1,
                   "attention.rope.original_context={} must be at least 1",
                   rope.original_context);
  problems.require(rope.beta_fast > rope.beta_slow,
                   "attention.rope.beta_fast={} must exceed beta_slow={}",
                   rope.beta_fast,
                   rope.beta_slow);
}

void check_attention(const AttentionConfig& attention, Requirements& problems) {
  problems.require_positive("attention.heads", attention.heads);
  if (attention.kind == AttentionKind::kMla) {
    problems.require(attention.query_rank >= 0,
                     "attention.query_rank={} must not be negative",
                     attention.query_rank);
    problems.require_positive("attention.kv_rank", attention.kv_rank);
    problems.require_positive("attention.nope_width", attention.nope_width);
    problems.require_positive("attention.rope_width", attention.rope_width);
    problems.require_positive("attention.value_width", attention.value_width);
  } else {
    problems.require_positive("attention.kv_heads", attention.kv_heads);
    problems.require_positive("attention.head_width", attention.head_width);
    problems.require(attention.kv_heads >= 1 && attention.heads % attention.kv_heads == 0,
                     "attention.heads={} is not divisible by attention.kv_heads={}",
                     attention.heads,
                     attention.kv_heads);
  }
  check_rope(attention, problems);
}

void check_moe(const MoeConfig& moe, Requirements& problems) {
  problems.require_positive("moe.top_k", moe.top_k);
  problems.require(
      moe.top_k <= moe.experts, "moe.top_k={} exceeds moe.experts={}", moe.top_k, moe.experts);
  problems.require(
      moe.shared_experts >= 0, "moe.shared_experts={} must not be negative", moe.shared_experts);
  problems.require_positive("moe.expert_width", moe.expert_width);
  problems.require_positive("moe.groups", moe.groups);
  problems.require(moe.top_groups >= 1 && moe.top_groups <= moe.groups,
                   "moe.top_groups={} must lie between 1 and moe.groups={}",
                   moe.top_groups,
                   moe.groups);
  if (moe.groups < 1) {
    return;
  }
  problems.require(moe.experts % moe.groups == 0,
                   "moe.experts={} is not divisible by moe.groups={}",
                   moe.experts,
                   moe.groups);
  const int64_t per_group = moe.experts / moe.groups;
  problems.require(moe.top_k > moe.experts || moe.top_k <= moe.top_groups * per_group,
                   "moe.top_k={} exceeds the {} experts of moe.top_groups={}",
                   moe.top_k,
                   moe.top_groups * per_group,
                   moe.top_groups);
  problems.require(moe.group_score != GroupScore::kTopTwoSum || moe.groups == 1 || per_group >= 2,
                   "moe.group_score=top-two-sum needs at least 2 experts a group, there are {}: "
                   "moe.experts={}, moe.groups={}",
                   per_group,
                   moe.experts,
                   moe.groups);
}

}  // namespace

std::vector<std::string> ModelConfig::problems() const {
  Requirements problems;
  problems.require_positive("vocab_size", vocab_size);
  problems.require_positive("width", width);
  problems.require_positive("layers", layers);
  problems.require_positive("context", context);
  problems.require(dense_layers >= 0 && dense_layers <= layers,
                   "dense_layers={} must lie between 0 and layers={}",
                   dense_layers,
                   layers);
  problems.require(mtp_layers >= 0, "mtp_layers={} must not be negative", mtp_layers);
  problems.require(init_std > 0, "init_std={} must be positive", init_std);
  problems.require(embedding_std >= 0, "embedding_std={} must not be negative", embedding_std);
  problems.require(shared_embedding_std >= 0,
                   "shared_embedding_std={} must not be negative",
                   shared_embedding_std);
  problems.require(look_back >= 0, "look_back={} must not be negative", look_back);
  problems.require(
      look_back == 0 || (shared_embedding_std > 0 && attention.kind == AttentionKind::kMla),
      "look_back={} needs latent attention and a shared_embedding_std above 0",
      look_back);
  problems.require(norm_epsilon > 0, "norm_epsilon={} must be positive", norm_epsilon);
  if (moe.experts == 0 || dense_layers > 0) {
    problems.require_positive("dense_width", dense_width);
  }
  problems.require(moe.experts >= 0, "moe.experts={} must not be negative", moe.experts);
  check_attention(attention, problems);
  if (moe.experts > 0) {
    check_moe(moe, problems);
  }
  return problems.take();
}

void ModelConfig::validate() const {
  const auto found = problems();
  check(found.empty(), "{}", fmt::join(found, "; "));
}

}  // namespace rq::model
