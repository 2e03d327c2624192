#pragma once
// What the parts of one walk through the network share: the rows, where they come from, and the
// buffers between the parts.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/team.h"
#include "generate/internal/weights.h"
#include "generate/network.h"
#include "kernels/cpu/aligned.h"
#include "kernels/cpu/cached_attention.h"
#include "kernels/cpu/head_panels.h"
#include "model/config.h"

namespace rq::generate {

using kernels::cpu::AlignedFloats;

struct Row {
  std::int64_t span;
  std::int64_t position;
};

// Attention of some heads, which share keys, for some rows: all of an expanded span, or a few that
// are not expanded, each of any sequence.
struct AttentionTask {
  std::int64_t row, rows;
  std::int64_t head, heads;
  bool is_expanded;
};

// Tokens that visit one expert: the slots [first, first + count).
struct Visit {
  std::int64_t expert, first, count;
};
struct Panel {  // of the visit at an index
  std::int64_t visit, panel;
};

// [rows, width] floats, and where each row begins.
struct RowBuffer {
  AlignedFloats floats;
  std::vector<const float*> rows;
  std::int64_t width = 0;

  void resize(std::int64_t count, std::int64_t new_width) {
    width = new_width;
    floats.resize(std::max(floats.size(), static_cast<std::size_t>(count * width)));
    rows.resize(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
      rows[static_cast<std::size_t>(i)] = (*this)[i];
    }
  }
  float* operator[](std::int64_t row) { return floats.data() + row * width; }
};

// One member's own.
struct Scratch {
  kernels::cpu::HeadPanels panels;
  AlignedFloats scores, queries, mixed;
};

struct Walk {
  const model::ModelConfig& config;
  const Weights& weights;
  float* pages;              // [pages, layers, kPageTokens, cache width]
  std::int64_t page_floats;  //

  Walk(const model::ModelConfig& of_config,
       const Weights& of_weights,
       float* in_pages,
       std::int64_t floats_of_a_page)
      : config(of_config), weights(of_weights), pages(in_pages), page_floats(floats_of_a_page) {}

  std::span<const Span> spans;
  std::vector<Row> rows;
  std::vector<AttentionTask> tasks;
  std::vector<Scratch> scratch;  // of each member

  RowBuffer x;        // [rows, D], the residual stream
  RowBuffer normed;   // [rows, D]
  RowBuffer input;    // [rows, what attention's first product gives]
  RowBuffer queries;  // [rows, H(N+P)], where there is a query rank
  RowBuffer mixed;    // [rows, HU], attention's result
  RowBuffer inner;    // [slots, F], within the experts
  RowBuffer answers;  // [slots, D]

  // Where the rows of this layer go.
  std::vector<std::int64_t> chosen;     // [rows, K]
  Floats shares;                        // [rows, K]
  std::vector<std::int64_t> slots;      // [rows, K]: the slot of each choice
  std::vector<const float*> slot_rows;  // [slots]: the normed row that visits
  Floats slot_shares;                   // [slots]
  std::vector<Visit> visits;
  std::vector<Panel> gate_panels, down_panels;

  std::int64_t count() const { return static_cast<std::int64_t>(rows.size()); }
  // Makes room for the rows of `spans`, and lists their tasks for so many members.
  void begin(std::span<const Span> new_spans, int members);
  void list_rows();
  void list_tasks(int members);
  void make_room();
  kernels::cpu::CachedEntries entries(std::int64_t span, std::int64_t layer) const;
};

// y [D] = x [D] normed.
void norm(const float* x, const Floats& gain, double epsilon, float* y);

// x += attention(norm(x)), remembering the rows as those of `layer`.
void attend(Team& team, Walk& walk, const AttentionWeights& weights, std::int64_t layer);

// x += feed_forward(norm(x)).
void feed_forward(Team& team, Walk& walk, const FeedForwardWeights& weights);

}  // namespace rq::generate
