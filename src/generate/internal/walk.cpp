#include "generate/internal/walk.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "kernels/cpu/row_loops.h"

namespace rq::generate {

void Walk::begin(std::span<const Span> new_spans, int members) {
  spans = new_spans;
  rows.clear();
  tasks.clear();
  const model::AttentionConfig& attention = config.attention;
  const bool is_latent = attention.kind == model::AttentionKind::kMla;
  // Heads that share keys are best kept together; where rows are few, every member gets some.
  const std::int64_t sharing = is_latent ? attention.heads : attention.heads / attention.kv_heads;
  std::int64_t single_rows = 0;
  for (const Span& span : spans) {
    const auto first = count();
    for (std::size_t i = 0; i < span.tokens.size(); ++i) {
      rows.push_back({static_cast<std::int64_t>(&span - spans.data()),
                      span.first + static_cast<std::int64_t>(i)});
    }
    if (span.is_expanded) {
      for (std::int64_t head = 0; head < attention.heads; head += is_latent ? 1 : sharing) {
        tasks.push_back({first, count() - first, head, is_latent ? 1 : sharing});
      }
    } else {
      single_rows += count() - first;
    }
  }
  const std::int64_t groups = attention.heads / sharing;
  const std::int64_t parts = std::clamp<std::int64_t>(
      2 * members / std::max<std::int64_t>(1, single_rows * groups), 1, sharing);
  const std::int64_t heads = (sharing + parts - 1) / parts;
  for (std::int64_t row = 0; row < count(); ++row) {
    if (spans[static_cast<std::size_t>(rows[static_cast<std::size_t>(row)].span)].is_expanded) {
      continue;
    }
    for (std::int64_t group = 0; group < groups; ++group) {
      for (std::int64_t head = 0; head < sharing; head += heads) {
        tasks.push_back({row, 1, group * sharing + head, std::min(heads, sharing - head)});
      }
    }
  }

  scratch.resize(static_cast<std::size_t>(members));
  x.resize(count(), config.width);
  normed.resize(count(), config.width);
  mixed.resize(count(), attention.heads * attention.value_head_width());
  const std::int64_t query_width = attention.heads * attention.key_width();
  if (is_latent && attention.query_rank > 0) {
    queries.resize(count(), query_width);
    input.resize(count(), attention.query_rank + attention.cache_width());
  } else {
    input.resize(count(), query_width + attention.cache_width());
  }
  const model::MoeConfig& moe = config.moe;
  const bool has_experts = moe.experts > 0;
  const std::int64_t top_k = has_experts ? moe.top_k : 0;
  const std::int64_t most_slots = count() * (top_k + 1);
  std::int64_t widest = config.dense_width;
  if (has_experts) {
    widest = std::max({config.dense_layers > 0 ? config.dense_width : 0,
                       moe.expert_width,
                       moe.shared_experts * moe.expert_width});
  }
  inner.resize(most_slots, widest);
  answers.resize(most_slots, config.width);
  chosen.resize(static_cast<std::size_t>(count() * top_k));
  shares.resize(chosen.size());
  slots.resize(chosen.size());
  slot_rows.resize(static_cast<std::size_t>(most_slots));
  slot_shares.resize(static_cast<std::size_t>(most_slots));
}

kernels::cpu::CachedEntries Walk::entries(std::int64_t span, std::int64_t layer) const {
  const std::int64_t width = config.attention.cache_width();
  return {.layer = pages + layer * kPageTokens * width,
          .page_stride = page_floats,
          .pages = spans[static_cast<std::size_t>(span)].pages.data(),
          .width = width};
}

void norm(const float* x, const Floats& gain, double epsilon, float* y) {
  float rstd = 0;
  const auto width = static_cast<std::int64_t>(gain.size());
  kernels::cpu::rms_norm(
      {0, 1}, x, width, gain.data(), width, static_cast<float>(epsilon), y, &rstd);
}

}  // namespace rq::generate
