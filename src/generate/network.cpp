#include "generate/network.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "base/huge_memory.h"
#include "base/team.h"
#include "generate/internal/walk.h"
#include "generate/internal/weights.h"

namespace rq::generate {

struct Network::State {
  model::ModelConfig config;
  Weights weights;
  Team team;
  HugeBlock pages;
  Walk walk;
  RowBuffer hidden;     // [rows of the last call, D], normed
  RowBuffer predicted;  // [rows, 2D]: what the prediction layer projects
  AlignedFloats logits;
  std::vector<const float*> wanted;  // the rows after which logits are

  State(const model::Model& model, std::int64_t page_count, int threads)
      : config(model.config),
        weights(pack_weights(model)),
        team(threads),
        pages(static_cast<std::size_t>(page_count * page_floats()) * sizeof(float)),
        walk(config, weights, static_cast<float*>(pages.data()), page_floats()) {}

  std::int64_t page_floats() const {
    const auto layers =
        static_cast<std::int64_t>(weights.blocks.size() + weights.predictions.size());
    return layers * kPageTokens * config.attention.cache_width();
  }

  void embed(std::int64_t row, float* to) const {
    const Row& place = walk.rows[static_cast<std::size_t>(row)];
    const Span& span = walk.spans[static_cast<std::size_t>(place.span)];
    const std::int64_t token = span.tokens[static_cast<std::size_t>(place.position - span.first)];
    std::copy_n(weights.embedding.data() + token * config.width, config.width, to);
  }

  void run_block(const BlockWeights& block, std::int64_t layer) {
    attend(team, walk, block.attention, layer);
    feed_forward(team, walk, block.feed_forward);
  }

  // Logits after the wanted rows of `from`, which is normed.
  void begin_logits(const RowBuffer& from) {
    wanted.clear();
    std::int64_t row = 0;
    for (const Span& span : walk.spans) {
      row += static_cast<std::int64_t>(span.tokens.size());
      for (std::int64_t i = row - span.wanted; i < row; ++i) {
        wanted.push_back(from.rows[static_cast<std::size_t>(i)]);
      }
    }
    const std::size_t size = wanted.size() * static_cast<std::size_t>(config.vocab_size);
    logits.resize(std::max(logits.size(), size));
  }
  void finish_logits() {
    team.share(weights.head.panel_count(), [&](std::int64_t panel) {
      multiply(weights.head,
               panel,
               {.x = wanted.data(),
                .rows = static_cast<std::int64_t>(wanted.size()),
                .y = logits.data(),
                .y_stride = config.vocab_size});
    });
  }
  std::span<const float> result() const {
    return {logits.data(), wanted.size() * static_cast<std::size_t>(config.vocab_size)};
  }
};

Network::Network(const model::Model& model, std::int64_t pages, int threads) {
  try {
    state_ = std::make_unique<State>(model, pages, threads);
  } catch (const std::bad_alloc&) {
    const std::int64_t token_bytes =
        (model.config.layers + 1) * model.config.attention.cache_width() * 4;
    throw MachineError(
        fmt::format("memory does not suffice for the model and a cache of {} tokens ({} MiB)",
                    pages * kPageTokens,
                    pages * kPageTokens * token_bytes >> 20));
  }
}
Network::~Network() = default;

const model::ModelConfig& Network::config() const {
  return state_->config;
}
bool Network::predicts() const {
  return !state_->weights.predictions.empty();
}

std::span<const float> Network::operator()(std::span<const Span> spans) {
  State& state = *state_;
  Walk& walk = state.walk;
  walk.begin(spans, state.team.size());
  state.hidden.resize(walk.count(), state.config.width);
  state.begin_logits(state.hidden);
  state.team.share(walk.count(), [&](std::int64_t row) { state.embed(row, walk.x[row]); });
  for (std::size_t layer = 0; layer < state.weights.blocks.size(); ++layer) {
    state.run_block(state.weights.blocks[layer], static_cast<std::int64_t>(layer));
  }
  state.team.share(walk.count(), [&](std::int64_t row) {
    norm(walk.x[row], state.weights.norm, state.config.norm_epsilon, state.hidden[row]);
  });
  state.finish_logits();
  return state.result();
}

std::span<const float> Network::predict(std::span<const Span> spans,
                                        std::span<const std::int64_t> rows) {
  State& state = *state_;
  Walk& walk = state.walk;
  const PredictionWeights& weights = state.weights.predictions.front();
  const std::int64_t width = state.config.width;
  walk.begin(spans, state.team.size());
  state.predicted.resize(walk.count(), 2 * width);
  state.begin_logits(walk.normed);
  state.team.share(walk.count(), [&](std::int64_t row) {
    const Row& place = walk.rows[static_cast<std::size_t>(row)];
    const auto span = static_cast<std::size_t>(place.span);
    const std::int64_t seen = rows[span] + place.position - walk.spans[span].first;
    const double epsilon = state.config.norm_epsilon;
    state.embed(row, walk.x[row]);
    norm(walk.x[row], weights.embedding_norm, epsilon, state.predicted[row]);
    norm(state.hidden[seen], weights.hidden_norm, epsilon, state.predicted[row] + width);
  });
  state.team.share(weights.projection.panel_count(), [&](std::int64_t panel) {
    multiply(weights.projection,
             panel,
             {.x = state.predicted.rows.data(),
              .rows = walk.count(),
              .y = walk.x[0],
              .y_stride = width});
  });
  state.run_block(weights.block, static_cast<std::int64_t>(state.weights.blocks.size()));
  state.team.share(walk.count(), [&](std::int64_t row) {
    norm(walk.x[row], weights.output_norm, state.config.norm_epsilon, walk.normed[row]);
  });
  state.finish_logits();
  return state.result();
}

void Network::share(std::int64_t count, const std::function<void(std::int64_t)>& work) {
  state_->team.share(count, work);
}

}  // namespace rq::generate
