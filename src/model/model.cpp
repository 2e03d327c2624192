#include "model/model.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "kernels/rms_norm.h"

namespace rq::model {
namespace {

struct BlockOutput {
  Tensor y;  // [T, D]
  std::optional<Routing> routing;
};

// Gives back the result of a norm of x, which is computed again on the way back from `later`.
void forget_normed(const Tensor& later,
                   const Tensor& normed,
                   const Tensor& x,
                   const Tensor& gain,
                   double epsilon) {
  forget_until(
      later, {normed}, [x = x.detach(), gain = gain.detach(), epsilon]() -> std::vector<Tensor> {
        return {kernels::rms_norm(x, gain, epsilon)};
      });
}

BlockOutput run_block(const Block& block,
                      const Tensor& x,
                      const ModelConfig& config,
                      const AttentionContext& context) {
  const Tensor normed = kernels::rms_norm(x, block.attention_norm, config.norm_epsilon);
  const Tensor attended =
      x + std::visit([&](const auto& attention) { return attention(normed, context); },
                     block.attention);
  const Tensor inner = kernels::rms_norm(attended, block.feed_forward_norm, config.norm_epsilon);
  BlockOutput output;
  if (const auto* const dense = std::get_if<SwiGlu>(&block.feed_forward)) {
    output.y = attended + (*dense)(inner);
  } else {
    const MoeOutput mixed = std::get<MixtureOfExperts>(block.feed_forward)(inner, config.moe);
    output = {attended + mixed.y, mixed.routing};
  }
  if (context.forgets) {
    forget_normed(attended, normed, x, block.attention_norm, config.norm_epsilon);
    forget_normed(output.y, inner, attended, block.feed_forward_norm, config.norm_epsilon);
  }
  return output;
}

// The same with only x kept of it.
BlockOutput run_block_twice(const Block& block,
                            const Tensor& x,
                            const ModelConfig& config,
                            const AttentionContext& context) {
  const std::vector<Tensor> parts = run_recomputed(
      [block, config, context](const Tensor& input) -> std::vector<Tensor> {
        const BlockOutput output = run_block(block, input, config, context);
        if (!output.routing) {
          return {output.y};
        }
        return {output.y, output.routing->scores, output.routing->chosen, output.routing->weights};
      },
      x);
  if (parts.size() == 1) {
    return {parts[0], std::nullopt};
  }
  return {parts[0], Routing{parts[1], parts[2], parts[3]}};
}

// Runs one block; a MoE block's routing is appended to `routings`.
Tensor run_block(const Block& block,
                 const Tensor& x,
                 const ModelConfig& config,
                 AttentionContext context,
                 Recompute recompute,
                 std::vector<Routing>& routings) {
  if (!at::GradMode::is_enabled()) {
    recompute = Recompute::kNone;
  }
  context.forgets = recompute == Recompute::kNorms;
  const BlockOutput output = recompute == Recompute::kLayer
                                 ? run_block_twice(block, x, config, context)
                                 : run_block(block, x, config, context);
  if (output.routing) {
    routings.push_back(*output.routing);
  }
  return output.y;
}

Tensor embed(const Tensor& embedding, const Tensor& tokens) {
  return at::embedding(embedding, tokens.flatten());  // [T, D]
}

AttentionContext attention_context(const ModelConfig& config,
                                   const Tensor& tokens,
                                   int64_t first,
                                   const std::vector<int64_t>& lengths) {
  const int64_t count = lengths.empty() ? tokens.size(1) : *std::ranges::max_element(lengths);
  check(first + count <= config.context,
        "{} positions exceed the model's context of {}",
        first + count,
        config.context);
  return {.config = config.attention,
          .batch = tokens.size(0),
          .table = lengths.empty() ? rotary_table(config.attention, first, count)
                                   : rotary_table(config.attention, lengths),
          .lengths = lengths};
}

Block make_block(const ModelConfig& config, bool is_moe, c10::Device device) {
  const auto gain = [&] { return at::empty({config.width}, at::dtype(at::kFloat).device(device)); };
  const auto feed_forward = [&]() -> FeedForward {
    if (is_moe) {
      return make_mixture(config.moe, config.width, device);
    }
    return make_swiglu(config.width, config.dense_width, device);
  };
  return {gain(), make_attention(config.attention, config.width, device), gain(), feed_forward()};
}

}  // namespace

Output Model::operator()(const Tensor& tokens,
                         Cache* cache,
                         Recompute recompute,
                         const std::vector<int64_t>& lengths) const {
  const int64_t first = cache == nullptr ? 0 : cache->length();
  AttentionContext context = attention_context(config, tokens, first, lengths);
  Tensor x = embed(embedding, tokens);
  std::vector<Routing> routings;
  for (std::size_t layer = 0; layer < blocks.size(); ++layer) {
    context.cache = cache == nullptr ? nullptr : &cache->layers[layer];
    x = run_block(blocks[layer], x, config, context, recompute, routings);
  }
  return {kernels::rms_norm(x, norm, config.norm_epsilon), routings};
}

Output Model::predict_further(int64_t depth,
                              const Tensor& hidden,
                              const Tensor& tokens,
                              Recompute recompute,
                              const std::vector<int64_t>& lengths) const {
  const PredictionLayer& layer = predictions.at(depth);
  const AttentionContext context = attention_context(config, tokens, 0, lengths);
  const Tensor next =
      kernels::rms_norm(embed(embedding, tokens), layer.embedding_norm, config.norm_epsilon);
  const Tensor seen = kernels::rms_norm(hidden, layer.hidden_norm, config.norm_epsilon);
  std::vector<Routing> routings;
  const Tensor x = run_block(layer.block,
                             at::linear(at::cat({next, seen}, 1), layer.projection),
                             config,
                             context,
                             recompute,
                             routings);
  return {kernels::rms_norm(x, layer.output_norm, config.norm_epsilon), routings};
}

Cache Model::make_cache(int64_t batch, int64_t capacity) const {
  Cache cache;
  for (std::size_t layer = 0; layer < blocks.size(); ++layer) {
    cache.layers.push_back(
        {at::empty({batch, capacity, config.attention.cache_width()}, at::kFloat), 0});
  }
  return cache;
}

Model make_model(const ModelConfig& config, c10::Device device) {
  config.validate();
  const auto options = at::dtype(at::kFloat).device(device);
  const auto gain = [&] { return at::empty({config.width}, options); };
  Model model{.config = config,
              .embedding = at::empty({config.vocab_size, config.width}, options),
              .blocks = {},
              .norm = gain(),
              .head = {},
              .predictions = {},
              .score = {}};
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    model.blocks.push_back(make_block(config, config.is_moe_layer(layer), device));
  }
  if (!config.has_tied_embeddings) {
    model.head = at::empty({config.vocab_size, config.width}, options);
  }
  for (int64_t depth = 0; depth < config.mtp_layers; ++depth) {
    model.predictions.push_back({gain(),
                                 gain(),
                                 at::empty({config.width, 2 * config.width}, options),
                                 make_block(config, config.moe.experts > 0, device),
                                 gain()});
  }
  return model;
}

}  // namespace rq::model
