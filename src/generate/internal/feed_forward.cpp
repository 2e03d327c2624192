// The feed-forward layers of a walk's rows: each visits the experts it is routed to and the one of
// every token (DeepSeek-V3 §2.1.2); a dense layer is the latter alone.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "generate/internal/walk.h"
#include "kernels/cpu/packed_matrix.h"
#include "kernels/cpu/row_loops.h"
#include "kernels/cpu/select.h"

namespace rq::generate {
namespace {

using kernels::cpu::PackedMatrix;

// Affinities of a row with the experts.
void score_experts(const Walk& walk, const PackedMatrix& centroids, const float* x, float* scores) {
  for (std::int64_t panel = 0; panel < centroids.panel_count(); ++panel) {
    multiply(centroids, panel, {.x = &x, .rows = 1, .y = scores, .y_stride = centroids.outputs});
  }
  const std::int64_t experts = centroids.outputs;
  if (walk.config.moe.scoring == model::Scoring::kSigmoid) {
    for (std::int64_t e = 0; e < experts; ++e) {
      scores[e] = 1.0F / (1.0F + std::exp(-scores[e]));
    }
    return;
  }
  const float peak = *std::max_element(scores, scores + experts);
  float sum = 0;
  for (std::int64_t e = 0; e < experts; ++e) {
    scores[e] = std::exp(scores[e] - peak);
    sum += scores[e];
  }
  for (std::int64_t e = 0; e < experts; ++e) {
    scores[e] /= sum;
  }
}

void route(Walk& walk, const FeedForwardWeights& weights, std::int64_t row, Scratch& scratch) {
  const model::MoeConfig& moe = walk.config.moe;
  AlignedFloats& scores = scratch.scores;
  scores.resize(std::max(scores.size(), static_cast<std::size_t>(moe.experts)));
  score_experts(walk, weights.centroids, walk.normed[row], scores.data());
  std::int64_t* const chosen = walk.chosen.data() + row * moe.top_k;
  float* const shares = walk.shares.data() + row * moe.top_k;
  kernels::cpu::select_experts(
      0,
      1,
      {.experts = moe.experts,
       .top_k = moe.top_k,
       .groups = moe.groups,
       .top_groups = moe.top_groups,
       .by_top_two = moe.group_score == model::GroupScore::kTopTwoSum},
      scores.data(),
      weights.selection_bias.empty() ? nullptr : weights.selection_bias.data(),
      chosen);
  float sum = 0;
  for (std::int64_t j = 0; j < moe.top_k; ++j) {
    shares[j] = scores[static_cast<std::size_t>(chosen[j])];
    sum += shares[j];
  }
  const float divisor = moe.is_normalized ? sum + 1e-20F : 1.0F;
  for (std::int64_t j = 0; j < moe.top_k; ++j) {
    shares[j] = shares[j] / divisor * static_cast<float>(moe.route_scale);
  }
}

// Puts the visits in the order of their experts, rows ascending within one; every row's visit to
// the common expert comes last.
void group(Walk& walk, const FeedForwardWeights& weights) {
  const std::int64_t routed = weights.routed();
  const std::int64_t top_k = routed > 0 ? walk.config.moe.top_k : 0;
  std::vector<std::int64_t> next(static_cast<std::size_t>(routed) + 1);
  const std::int64_t choices = walk.count() * top_k;
  for (std::int64_t i = 0; i < choices; ++i) {
    ++next[static_cast<std::size_t>(walk.chosen[static_cast<std::size_t>(i)]) + 1];
  }
  walk.visits.clear();
  walk.gate_panels.clear();
  walk.down_panels.clear();
  const auto add_visit = [&](std::int64_t expert, std::int64_t first, std::int64_t count) {
    const auto visit = static_cast<std::int64_t>(walk.visits.size());
    walk.visits.push_back({expert, first, count});
    const ExpertWeights& part = weights.experts[static_cast<std::size_t>(expert)];
    for (std::int64_t panel = 0; panel < part.gate_up.panel_count(); ++panel) {
      walk.gate_panels.push_back({visit, panel});
    }
    for (std::int64_t panel = 0; panel < part.down.panel_count(); ++panel) {
      walk.down_panels.push_back({visit, panel});
    }
  };
  if (weights.has_common) {
    add_visit(routed, choices, walk.count());
    for (std::int64_t row = 0; row < walk.count(); ++row) {
      walk.slot_rows[static_cast<std::size_t>(choices + row)] = walk.normed[row];
      walk.slot_shares[static_cast<std::size_t>(choices + row)] = 1;
    }
  }
  for (std::int64_t e = 0; e < routed; ++e) {
    const auto index = static_cast<std::size_t>(e);
    const std::int64_t count = next[index + 1];
    next[index + 1] += next[index];
    if (count > 0) {
      add_visit(e, next[index], count);
    }
  }
  for (std::int64_t i = 0; i < choices; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const std::int64_t slot = next[static_cast<std::size_t>(walk.chosen[index])]++;
    walk.slots[index] = slot;
    walk.slot_rows[static_cast<std::size_t>(slot)] = walk.normed[i / top_k];
    walk.slot_shares[static_cast<std::size_t>(slot)] = walk.shares[index];
  }
}

// x += the answers of the row's experts, then that of the common one.
void collect(Walk& walk, const FeedForwardWeights& weights, std::int64_t row) {
  const std::int64_t width = walk.config.width;
  const std::int64_t top_k = weights.routed() > 0 ? walk.config.moe.top_k : 0;
  const std::int64_t common = walk.count() * top_k + row;
  const auto slot_of = [&](std::int64_t j) {
    return walk.slots[static_cast<std::size_t>(row * top_k + j)];
  };
  // The first answer's place takes up the others: nothing reads it again.
  float* const sum = walk.answers[top_k > 0 ? slot_of(0) : common];
  const auto add = [&](const float* answer) {
    for (std::int64_t d = 0; d < width; ++d) {
      sum[d] += answer[d];
    }
  };
  for (std::int64_t j = 1; j < top_k; ++j) {
    add(walk.answers[slot_of(j)]);
  }
  if (top_k > 0 && weights.has_common) {
    add(walk.answers[common]);
  }
  float* const x = walk.x[row];
  for (std::int64_t d = 0; d < width; ++d) {
    x[d] += sum[d];
  }
}

}  // namespace

void feed_forward(Team& team, Walk& walk, const FeedForwardWeights& weights) {
  team.share(walk.count(), [&](std::int64_t row, int member) {
    norm(walk.x[row], weights.norm, walk.config.norm_epsilon, walk.normed[row]);
    if (weights.routed() > 0) {
      route(walk, weights, row, walk.scratch[static_cast<std::size_t>(member)]);
    }
  });
  group(walk, weights);
  const auto part_of = [&](const Panel& panel) -> std::pair<const Visit&, const ExpertWeights&> {
    const Visit& visit = walk.visits[static_cast<std::size_t>(panel.visit)];
    return {visit, weights.experts[static_cast<std::size_t>(visit.expert)]};
  };
  team.share(static_cast<std::int64_t>(walk.gate_panels.size()), [&](std::int64_t i) {
    const Panel& panel = walk.gate_panels[static_cast<std::size_t>(i)];
    const auto [visit, expert] = part_of(panel);
    multiply_swiglu(expert.gate_up,
                    panel.panel,
                    {.x = walk.slot_rows.data() + visit.first,
                     .rows = visit.count,
                     .scale = walk.slot_shares.data() + visit.first,
                     .h = walk.inner[visit.first],
                     .h_stride = walk.inner.width,
                     .width = expert.width});
  });
  team.share(static_cast<std::int64_t>(walk.down_panels.size()), [&](std::int64_t i) {
    const Panel& panel = walk.down_panels[static_cast<std::size_t>(i)];
    const auto [visit, expert] = part_of(panel);
    multiply(expert.down,
             panel.panel,
             {.x = walk.inner.rows.data() + visit.first,
              .rows = visit.count,
              .y = walk.answers[visit.first],
              .y_stride = walk.answers.width});
  });
  team.share(walk.count(), [&](std::int64_t row) { collect(walk, weights, row); });
}

}  // namespace rq::generate
