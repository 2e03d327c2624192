#include "model/testing/slow_model.h"

#include <cmath>
#include <cstdint>
#include <variant>
#include <vector>

#include <ATen/ATen.h>

#include "model/rope_frequencies.h"

namespace rq::model::testing {
namespace {

double dot(const Row& a, const Row& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

Row add(Row a, const Row& b, double factor = 1) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] += factor * b[i];
  }
  return a;
}

Row part_of(const Row& x, int64_t first, int64_t count) {
  return {x.begin() + first, x.begin() + first + count};
}

Row multiply(const Tensor& matrix, const Row& x, const Tensor& offset = {}) {
  Row y;
  for (const Row& row : to_rows(matrix)) {
    y.push_back(dot(row, x));
  }
  return offset.defined() ? add(y, to_rows(offset)[0]) : y;
}

Row norm(const Row& x, const Tensor& gain, double epsilon) {
  const double scale = 1 / std::sqrt(dot(x, x) / static_cast<double>(x.size()) + epsilon);
  const Row gains = to_rows(gain)[0];
  Row y = x;
  for (std::size_t i = 0; i < y.size(); ++i) {
    y[i] *= scale * gains[i];
  }
  return y;
}

// Turns the last rotary_width of a head at `position`.
Row rotate(Row head, const AttentionConfig& config, int64_t position) {
  const int64_t width = config.rotary_width();
  const Row frequencies = rope_frequencies(config.rope, width);
  const int64_t start = static_cast<int64_t>(head.size()) - width;
  for (int64_t pair = 0; pair < width / 2; ++pair) {
    const bool side_by_side = config.rope.interleaved;
    double& a = head[start + (side_by_side ? 2 * pair : pair)];
    double& b = head[start + (side_by_side ? 2 * pair + 1 : pair + width / 2)];
    const double angle = static_cast<double>(position) * frequencies[pair];
    const double cos = std::cos(angle) * rope_magnitude(config.rope);
    const double sin = std::sin(angle) * rope_magnitude(config.rope);
    const double turned = a * cos - b * sin;
    b = a * sin + b * cos;
    a = turned;
  }
  return head;
}

// Queries, keys and values of every token and head: [S][H][width].
struct Heads {
  std::vector<Rows> queries, keys, values;
};

Heads split(const LatentAttention& part, const Rows& x, const AttentionConfig& config) {
  Heads heads;
  for (std::size_t t = 0; t < x.size(); ++t) {
    const auto position = static_cast<int64_t>(t);
    const Row all_queries =
        part.query.defined() ? multiply(part.query, x[t])
                             : multiply(part.query_up,
                                        norm(multiply(part.query_down, x[t], part.query_down_bias),
                                             part.query_norm,
                                             1e-6));
    const Row down = multiply(part.kv_down, x[t], part.kv_down_bias);
    const Row up = multiply(part.kv_up, norm(part_of(down, 0, config.kv_rank), part.kv_norm, 1e-6));
    const Row shared = rotate(part_of(down, config.kv_rank, config.rope_width), config, position);
    Rows queries, keys, values;
    for (int64_t h = 0; h < config.heads; ++h) {
      const int64_t at = h * (config.nope_width + config.value_width);
      queries.push_back(rotate(
          part_of(all_queries, h * config.key_width(), config.key_width()), config, position));
      Row key = part_of(up, at, config.nope_width);
      key.insert(key.end(), shared.begin(), shared.end());
      keys.push_back(key);
      values.push_back(part_of(up, at + config.nope_width, config.value_width));
    }
    heads.queries.push_back(queries);
    heads.keys.push_back(keys);
    heads.values.push_back(values);
  }
  return heads;
}

Heads split(const GroupedAttention& part, const Rows& x, const AttentionConfig& config) {
  Heads heads;
  const int64_t width = config.head_width;
  for (std::size_t t = 0; t < x.size(); ++t) {
    const auto position = static_cast<int64_t>(t);
    const Row all_queries = multiply(part.query, x[t], part.query_bias);
    const Row all_keys = multiply(part.key, x[t], part.key_bias);
    const Row all_values = multiply(part.value, x[t], part.value_bias);
    Rows queries, keys, values;
    for (int64_t h = 0; h < config.heads; ++h) {
      const int64_t shared = h / (config.heads / config.kv_heads);
      queries.push_back(rotate(part_of(all_queries, h * width, width), config, position));
      keys.push_back(rotate(part_of(all_keys, shared * width, width), config, position));
      values.push_back(part_of(all_values, shared * width, width));
    }
    heads.queries.push_back(queries);
    heads.keys.push_back(keys);
    heads.values.push_back(values);
  }
  return heads;
}

// What head `h` of token `t` reads from the tokens up to itself.
Row attend(const Heads& heads, std::size_t t, int64_t h, double scale) {
  Row shares;
  double sum = 0;
  for (std::size_t s = 0; s <= t; ++s) {
    shares.push_back(std::exp(scale * dot(heads.queries[t][h], heads.keys[s][h])));
    sum += shares.back();
  }
  Row mixed(heads.values[0][h].size(), 0.0);
  for (std::size_t s = 0; s <= t; ++s) {
    mixed = add(mixed, heads.values[s][h], shares[s] / sum);
  }
  return mixed;
}

template <typename Part>
Rows attention(const Part& part, const Rows& x, const AttentionConfig& config) {
  const Heads heads = split(part, x, config);
  Rows y;
  for (std::size_t t = 0; t < x.size(); ++t) {
    Row joined;
    for (int64_t h = 0; h < config.heads; ++h) {
      const Row mixed = attend(heads, t, h, softmax_scale(config));
      joined.insert(joined.end(), mixed.begin(), mixed.end());
    }
    y.push_back(multiply(part.output, joined, part.output_bias));
  }
  return y;
}

Row swiglu(const Tensor& gate_up, const Tensor& down, const Row& x) {
  const Row both = multiply(gate_up, x);
  const std::size_t inner = both.size() / 2;
  Row hidden;
  for (std::size_t i = 0; i < inner; ++i) {
    hidden.push_back(both[i] / (1 + std::exp(-both[i])) * both[inner + i]);
  }
  return multiply(down, hidden);
}

Row scores_of(const Router& router, const Row& x, const MoeConfig& config) {
  Row scores = multiply(router.centroids, x);
  double sum = 0;
  for (double& score : scores) {
    score = config.scoring == Scoring::kSigmoid ? 1 / (1 + std::exp(-score)) : std::exp(score);
    sum += score;
  }
  for (double& score : scores) {
    score /= config.scoring == Scoring::kSigmoid ? 1 : sum;
  }
  return scores;
}

Row feed_forward(const SwiGlu& part, const Row& x, const MoeConfig&) {
  return swiglu(part.gate_up, part.down, x);
}

Row feed_forward(const MixtureOfExperts& part, const Row& x, const MoeConfig& config) {
  const Row scores = scores_of(part.router, x, config);
  const Tensor& bias = part.router.selection_bias;
  const auto chosen = slow_choice(scores, bias.defined() ? to_rows(bias)[0] : Row(), config);
  double sum = 0;
  for (const int64_t expert : chosen) {
    sum += scores[expert];
  }
  Row y(x.size(), 0.0);
  for (const int64_t expert : chosen) {
    const double weight = config.route_scale * scores[expert] / (config.is_normalized ? sum : 1.0);
    y = add(y, swiglu(part.experts.gate_up[expert], part.experts.down[expert], x), weight);
  }
  return part.shared ? add(y, swiglu(part.shared->gate_up, part.shared->down, x)) : y;
}

// Runs output.hidden through one block.
void run_block(const Block& block, const ModelConfig& config, SlowOutput& output) {
  Rows& x = output.hidden;
  Rows normed, scores;
  for (const Row& row : x) {
    normed.push_back(norm(row, block.attention_norm, config.norm_epsilon));
  }
  const Rows attended = std::visit(
      [&](const auto& part) { return attention(part, normed, config.attention); }, block.attention);
  for (std::size_t t = 0; t < x.size(); ++t) {
    x[t] = add(x[t], attended[t]);
    const Row inner = norm(x[t], block.feed_forward_norm, config.norm_epsilon);
    if (const auto* const mixture = std::get_if<MixtureOfExperts>(&block.feed_forward)) {
      scores.push_back(scores_of(mixture->router, inner, config.moe));
    }
    x[t] = add(x[t],
               std::visit([&](const auto& part) { return feed_forward(part, inner, config.moe); },
                          block.feed_forward));
  }
  if (!scores.empty()) {
    output.scores.push_back(scores);
  }
}

}  // namespace

SlowOutput slow_forward(const Model& model, const Tokens& tokens) {
  const Rows embedding = to_rows(model.embedding);
  SlowOutput output;
  for (const int64_t token : tokens) {
    output.hidden.push_back(embedding[token]);
  }
  for (const Block& block : model.blocks) {
    run_block(block, model.config, output);
  }
  for (Row& row : output.hidden) {
    row = norm(row, model.norm, model.config.norm_epsilon);
  }
  return output;
}

SlowOutput slow_predict_further(const Model& model,
                                int64_t depth,
                                const Rows& hidden,
                                const Tokens& tokens) {
  const PredictionLayer& layer = model.predictions.at(depth);
  const Rows embedding = to_rows(model.embedding);
  const double epsilon = model.config.norm_epsilon;
  SlowOutput output;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    Row both = norm(embedding[tokens[t]], layer.embedding_norm, epsilon);
    const Row seen = norm(hidden[t], layer.hidden_norm, epsilon);
    both.insert(both.end(), seen.begin(), seen.end());
    output.hidden.push_back(multiply(layer.projection, both));
  }
  run_block(layer.block, model.config, output);
  for (Row& row : output.hidden) {
    row = norm(row, layer.output_norm, epsilon);
  }
  return output;
}

}  // namespace rq::model::testing
