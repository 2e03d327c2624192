// Attention of a walk's rows over the pages of their sequences.

#include <algorithm>
#include <cstdint>
#include <variant>

#include "generate/internal/walk.h"
#include "kernels/cpu/cached_attention.h"
#include "kernels/cpu/head_panels.h"
#include "kernels/cpu/packed_matrix.h"
#include "model/rope_frequencies.h"

namespace rq::generate {
namespace {

using kernels::cpu::CachedHead;
using kernels::cpu::kMostRows;
using kernels::cpu::multiply;
using kernels::cpu::Then;

// The latent norms keep this whatever the config's norm epsilon is, as DeepSeek's code has it.
constexpr double kLatentEpsilon = 1e-6;

const float* data_or_null(const Floats& floats) {
  return floats.empty() ? nullptr : floats.data();
}

// y = x * matrix^T + bias for all rows of x, shared panel by panel.
void multiply_rows(Team& team,
                   const PackedMatrix& matrix,
                   const RowBuffer& x,
                   const Floats& bias,
                   RowBuffer& y,
                   Then then = Then::kStore) {
  team.share(matrix.panel_count(), [&](std::int64_t panel) {
    multiply(matrix,
             panel,
             {.x = x.rows.data(),
              .rows = static_cast<std::int64_t>(x.rows.size()),
              .y = y[0],
              .y_stride = y.width,
              .bias = data_or_null(bias),
              .then = then});
  });
}

// All panels on the calling thread.
void multiply_all(const PackedMatrix& matrix, const kernels::cpu::Product& product) {
  for (std::int64_t panel = 0; panel < matrix.panel_count(); ++panel) {
    multiply(matrix, panel, product);
  }
}

// Turns the rotary part [P] of a head to `position`.
void rotate(const Walk& walk, std::int64_t position, const float* from, float* to) {
  const std::int64_t half = walk.config.attention.rotary_width() / 2;
  const bool is_interleaved = walk.config.attention.rope.interleaved;
  const float* const cosine = walk.weights.cosines.data() + position * half;
  const float* const sine = walk.weights.sines.data() + position * half;
  for (std::int64_t i = 0; i < half; ++i) {
    const std::int64_t a = is_interleaved ? 2 * i : i, b = is_interleaved ? 2 * i + 1 : half + i;
    const float first = from[a], second = from[b];
    to[a] = first * cosine[i] - second * sine[i];
    to[b] = second * cosine[i] + first * sine[i];
  }
}

// Turns the last P columns of each of the heads at `queries`.
void rotate_queries(const Walk& walk, std::int64_t position, float* queries) {
  const model::AttentionConfig& config = walk.config.attention;
  for (std::int64_t head = 0; head < config.heads; ++head) {
    float* const tail = queries + (head + 1) * config.key_width() - config.rotary_width();
    rotate(walk, position, tail, tail);
  }
}

// Queries of an expanded task, block by block; all its heads share the keys and values in `panels`.
void attend_expanded(Walk& walk,
                     const kernels::cpu::HeadPanels& panels,
                     const AttentionTask& task,
                     RowBuffer& queries) {
  const model::AttentionConfig& config = walk.config.attention;
  const auto scale = static_cast<float>(model::softmax_scale(config));
  const float* q[kMostRows];
  float* o[kMostRows];
  for (std::int64_t head = task.head; head < task.head + task.heads; ++head) {
    for (std::int64_t first = 0; first < task.rows; first += kMostRows) {
      const std::int64_t count = std::min(kMostRows, task.rows - first);
      for (std::int64_t i = 0; i < count; ++i) {
        q[i] = queries[task.row + first + i] + head * config.key_width();
        o[i] = walk.mixed[task.row + first + i] + head * config.value_head_width();
      }
      const std::int64_t position = walk.rows[static_cast<std::size_t>(task.row + first)].position;
      attend_panels(panels, position, count, scale, q, o);
    }
  }
}

struct LatentAttend {
  Walk& walk;
  const LatentWeights& weights;
  const model::AttentionConfig& config;
  RowBuffer& queries;
  std::int64_t layer;

  // The row's latent and rotary key into its page.
  void remember(std::int64_t row) const {
    const Row& place = walk.rows[static_cast<std::size_t>(row)];
    float* const entry = walk.entries(place.span, layer)[place.position];
    const float* const latent = walk.input[row] + walk.input.width - config.cache_width();
    norm(latent, weights.kv_norm, kLatentEpsilon, entry);
    rotate(walk, place.position, latent + config.kv_rank, entry + config.kv_rank);
  }

  void operator()(const AttentionTask& task, Scratch& scratch) const {
    const Row& place = walk.rows[static_cast<std::size_t>(task.row)];
    if (task.is_expanded) {
      scratch.panels.expand(walk.entries(place.span, layer),
                            place.position + task.rows,
                            weights.kv_up[static_cast<std::size_t>(task.head)],
                            config.nope_width);
      attend_expanded(walk, scratch.panels, task, queries);
    } else {
      absorb(task, scratch);
    }
  }

  // The projections are absorbed into query and result, for all rows of the task head by head.
  void absorb(const AttentionTask& task, Scratch& scratch) const {
    const std::int64_t wide = config.cache_width(), rank = config.kv_rank;
    scratch.queries.resize(static_cast<std::size_t>(task.rows * task.heads * wide));
    scratch.mixed.resize(static_cast<std::size_t>(task.rows * task.heads * rank));
    const float* x[kMostRows];
    for (std::int64_t h = 0; h < task.heads; ++h) {
      float* const to = scratch.queries.data() + h * wide;
      for (std::int64_t i = 0; i < task.rows; ++i) {
        x[i] = queries[task.row + i] + (task.head + h) * config.key_width();
        std::copy_n(x[i] + config.nope_width, config.rope_width, to + i * task.heads * wide + rank);
      }
      multiply_all(weights.key_up[static_cast<std::size_t>(task.head + h)],
                   {.x = x, .rows = task.rows, .y = to, .y_stride = task.heads * wide});
    }
    for (std::int64_t i = 0; i < task.rows; ++i) {
      const Row& place = walk.rows[static_cast<std::size_t>(task.row + i)];
      attend_cached(walk.entries(place.span, layer),
                    place.position + 1,
                    {.key_offset = 0,
                     .key_width = wide,
                     .value_offset = 0,
                     .value_width = rank,
                     .scale = static_cast<float>(model::softmax_scale(config))},
                    task.heads,
                    scratch.queries.data() + i * task.heads * wide,
                    scratch.mixed.data() + i * task.heads * rank,
                    scratch.scores);
    }
    for (std::int64_t h = 0; h < task.heads; ++h) {
      for (std::int64_t i = 0; i < task.rows; ++i) {
        x[i] = scratch.mixed.data() + (i * task.heads + h) * rank;
      }
      multiply_all(weights.value_up[static_cast<std::size_t>(task.head + h)],
                   {.x = x,
                    .rows = task.rows,
                    .y = walk.mixed[task.row] + (task.head + h) * config.value_width,
                    .y_stride = walk.mixed.width});
    }
  }
};

struct GroupedAttend {
  Walk& walk;
  const model::AttentionConfig& config;
  std::int64_t layer;

  // The row's keys, turned, and values into its page.
  void remember(std::int64_t row) const {
    const Row& place = walk.rows[static_cast<std::size_t>(row)];
    float* const entry = walk.entries(place.span, layer)[place.position];
    const float* const keys = walk.input[row] + config.heads * config.head_width;
    const std::int64_t key_floats = config.kv_heads * config.head_width;
    for (std::int64_t at = 0; at < key_floats; at += config.head_width) {
      rotate(walk, place.position, keys + at, entry + at);
    }
    std::copy_n(keys + key_floats, key_floats, entry + key_floats);
  }

  void operator()(const AttentionTask& task, Scratch& scratch) const {
    const Row& first = walk.rows[static_cast<std::size_t>(task.row)];
    const std::int64_t group = task.head / (config.heads / config.kv_heads);
    const CachedHead head{.key_offset = group * config.head_width,
                          .key_width = config.head_width,
                          .value_offset = (config.kv_heads + group) * config.head_width,
                          .value_width = config.head_width,
                          .scale = static_cast<float>(model::softmax_scale(config))};
    if (task.is_expanded) {
      scratch.panels.take(walk.entries(first.span, layer), first.position + task.rows, head);
      attend_expanded(walk, scratch.panels, task, walk.input);
      return;
    }
    for (std::int64_t row = task.row; row < task.row + task.rows; ++row) {
      const Row& place = walk.rows[static_cast<std::size_t>(row)];
      attend_cached(walk.entries(place.span, layer),
                    place.position + 1,
                    head,
                    task.heads,
                    walk.input[row] + task.head * config.head_width,
                    walk.mixed[row] + task.head * config.head_width,
                    scratch.scores);
    }
  }
};

template <typename Attend>
void attend_tasks(Team& team, Walk& walk, const Attend& attend) {
  team.share(static_cast<std::int64_t>(walk.tasks.size()), [&](std::int64_t i, int member) {
    attend(walk.tasks[static_cast<std::size_t>(i)], walk.scratch[static_cast<std::size_t>(member)]);
  });
}

void attend(Team& team, Walk& walk, const LatentWeights& weights, std::int64_t layer) {
  const model::AttentionConfig& config = walk.config.attention;
  const bool has_rank = config.query_rank > 0;
  RowBuffer& queries = has_rank ? walk.queries : walk.input;
  const LatentAttend attend{walk, weights, config, queries, layer};
  multiply_rows(team, weights.input, walk.normed, weights.input_bias, walk.input);
  team.share(walk.count(), [&](std::int64_t row) {
    attend.remember(row);
    if (has_rank) {
      norm(walk.input[row], weights.query_norm, kLatentEpsilon, walk.input[row]);
    } else {
      rotate_queries(walk, walk.rows[static_cast<std::size_t>(row)].position, queries[row]);
    }
  });
  if (has_rank) {
    multiply_rows(team, weights.query_up, walk.input, {}, queries);
    team.share(walk.count(), [&](std::int64_t row) {
      rotate_queries(walk, walk.rows[static_cast<std::size_t>(row)].position, queries[row]);
    });
  }
  attend_tasks(team, walk, attend);
}

void attend(Team& team, Walk& walk, const GroupedWeights& weights, std::int64_t layer) {
  const GroupedAttend attend{walk, walk.config.attention, layer};
  multiply_rows(team, weights.input, walk.normed, weights.input_bias, walk.input);
  team.share(walk.count(), [&](std::int64_t row) {
    attend.remember(row);
    rotate_queries(walk, walk.rows[static_cast<std::size_t>(row)].position, walk.input[row]);
  });
  attend_tasks(team, walk, attend);
}

}  // namespace

void attend(Team& team, Walk& walk, const AttentionWeights& weights, std::int64_t layer) {
  team.share(walk.count(), [&](std::int64_t row) {
    norm(walk.x[row], weights.norm, walk.config.norm_epsilon, walk.normed[row]);
  });
  std::visit([&](const auto& kind) { attend(team, walk, kind, layer); }, weights.kind);
  multiply_rows(team, weights.output, walk.mixed, weights.output_bias, walk.x, Then::kAdd);
}

}  // namespace rq::generate
