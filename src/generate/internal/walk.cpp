#include "generate/internal/walk.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "kernels/cpu/packed_matrix.h"
#include "kernels/cpu/row_loops.h"

namespace rq::generate {

void Walk::begin(std::span<const Span> new_spans, int members) {
  spans = new_spans;
  scratch.resize(static_cast<std::size_t>(members));
  list_rows();
  list_tasks(members);
  make_room();
}

void Walk::list_rows() {
  rows.clear();
  for (const Span& span : spans) {
    for (std::size_t i = 0; i < span.tokens.size(); ++i) {
      rows.push_back({static_cast<std::int64_t>(&span - spans.data()),
                      span.first + static_cast<std::int64_t>(i)});
    }
  }
}

void Walk::list_tasks(int members) {
  tasks.clear();
  const model::AttentionConfig& attention = config.attention;
  const bool is_latent = attention.kind == model::AttentionKind::kMla;
  // Query heads that share keys: expanded ones have keys of their own.
  const std::int64_t grouped = attention.heads / (is_latent ? 1 : attention.kv_heads);
  std::int64_t single_rows = 0;
  std::int64_t row = 0;
  for (const Span& span : spans) {
    const auto length = static_cast<std::int64_t>(span.tokens.size());
    if (span.is_expanded) {
      const std::int64_t heads = is_latent ? 1 : grouped;
      for (std::int64_t head = 0; head < attention.heads; head += heads) {
        tasks.push_back({row, length, head, heads, true});
      }
    } else {
      single_rows += length;
    }
    row += length;
  }
  // Rows go together for the products of their heads; where there are few, every member gets some
  // rows, or at least some heads.
  constexpr std::int64_t kTasks = 4;  // for each member
  const std::int64_t wanted = kTasks * members;
  const std::int64_t together =
      std::clamp<std::int64_t>(single_rows / wanted, 1, kernels::cpu::kMostRows);
  const std::int64_t parts = std::clamp<std::int64_t>(
      members * grouped / std::max<std::int64_t>(1, single_rows * attention.heads), 1, grouped);
  const std::int64_t heads = (grouped + parts - 1) / parts;
  const auto is_single = [&](std::int64_t at) {
    return at < count() &&
           !spans[static_cast<std::size_t>(rows[static_cast<std::size_t>(at)].span)].is_expanded;
  };
  for (row = 0; row < count();) {
    std::int64_t length = 0;
    while (length < together && is_single(row + length)) {
      ++length;
    }
    for (std::int64_t head = 0; length > 0 && head < attention.heads;) {
      const std::int64_t of_group = std::min(heads, grouped - head % grouped);
      tasks.push_back({row, length, head, of_group, false});
      head += of_group;
    }
    row += std::max<std::int64_t>(length, 1);
  }
}

void Walk::make_room() {
  const model::AttentionConfig& attention = config.attention;
  const bool is_latent = attention.kind == model::AttentionKind::kMla;
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
