#include "model/attention.h"

#include <cstdint>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "kernels/attention.h"
#include "kernels/rms_norm.h"
#include "kernels/rotary.h"
#include "model/recompute.h"
#include "model/rope_frequencies.h"

namespace rq::model {
namespace {

// The latent norms keep this whatever the config's norm epsilon is, as DeepSeek's code has it.
constexpr double kLatentEpsilon = 1e-6;

// Appends [B, S, width] to the cache and returns everything in it: [B, length, width].
Tensor append_(LayerCache& cache, const Tensor& entries) {
  const auto count = entries.size(1), capacity = cache.entries.size(1);
  check(cache.length + count <= capacity,
        "the cache holds {} positions, {} more do not fit its {}",
        cache.length,
        count,
        capacity);
  cache.entries.narrow(1, cache.length, count).copy_(entries);
  cache.length += count;
  return cache.entries.narrow(1, 0, cache.length);
}

Tensor queries(const LatentAttention& part, const Tensor& x, const AttentionContext& context) {
  const AttentionConfig& config = context.config;
  Tensor q;
  if (part.query.defined()) {
    q = at::linear(x, part.query);
  } else {
    const Tensor latent = at::linear(x, part.query_down, part.query_down_bias);
    q = at::linear(kernels::rms_norm(latent, part.query_norm, kLatentEpsilon), part.query_up);
  }
  q = q.view({context.batch, -1, config.heads, config.key_width()});
  return kernels::rotate_tail(q, context.table, pair_layout(config));  // [B, S, H, N+P]
}

struct KeysAndValues {
  Tensor up;    // [B, S, H, N+U]: the up-projection of the latents
  Tensor keys;  // [B, S, H, N+P]; the values are a part of `up`
};

KeysAndValues expand(const Tensor& latent,
                     const Tensor& rotary_key,
                     const Tensor& kv_up,
                     const AttentionConfig& config) {
  const Tensor up =
      at::linear(latent, kv_up)
          .view({rotary_key.size(0), -1, config.heads, config.nope_width + config.value_width});
  const Tensor shared = rotary_key.expand({-1, -1, config.heads, -1});
  return {up, at::cat({up.narrow(3, 0, config.nope_width), shared}, 3)};
}

// Keys and values are expanded from the latents: what training and long inputs want.
Tensor attend_expanded(const LatentAttention& part,
                       const Tensor& q,
                       const Tensor& latent,
                       const Tensor& rotary_key,
                       const AttentionContext& context) {
  const AttentionConfig& config = context.config;
  const KeysAndValues kv = expand(latent, rotary_key, part.kv_up, config);
  const Tensor values = kv.up.narrow(3, config.nope_width, config.value_width);  // [B, S, H, U]
  const Tensor o = kernels::attention(q, kv.keys, values, softmax_scale(config), context.lengths);
  if (context.forgets) {
    forget_until(o,
                 {kv.up, kv.keys},
                 [config,
                  latent = latent.detach(),
                  rotary_key = rotary_key.detach(),
                  kv_up = part.kv_up.detach()]() -> std::vector<Tensor> {
                   const KeysAndValues again = expand(latent, rotary_key, kv_up, config);
                   return {again.up, again.keys};
                 });
  }
  return o;
}

// The up-projections are absorbed into query and output, and attention runs over the cached latents
// themselves, one key-value head for all (DeepSeek-V2 §2.1.2): what few queries over a long cache
// want.
Tensor attend_absorbed(const LatentAttention& part,
                       const Tensor& q,
                       const Tensor& cached,
                       const AttentionConfig& config) {
  const Tensor up =
      part.kv_up.view({config.heads, config.nope_width + config.value_width, config.kv_rank});
  const Tensor key_up = up.narrow(1, 0, config.nope_width);                     // [H, N, R]
  const Tensor value_up = up.narrow(1, config.nope_width, config.value_width);  // [H, U, R]
  const Tensor nope = q.narrow(3, 0, config.nope_width);                        // [B, Q, H, N]
  const Tensor absorbed = at::einsum("bqhn,hnr->bqhr", {nope, key_up});         // [B, Q, H, R]
  const Tensor wide_q = at::cat({absorbed, q.narrow(3, config.nope_width, config.rope_width)}, 3);
  const Tensor keys = cached.unsqueeze(2);  // [B, S, 1, R+P]
  const Tensor mixed =
      kernels::attention(wide_q, keys, keys.narrow(3, 0, config.kv_rank), softmax_scale(config));
  return at::einsum("bqhr,hur->bqhu", {mixed, value_up});  // [B, Q, H, U]
}

}  // namespace

Tensor LatentAttention::operator()(const Tensor& x, const AttentionContext& context) const {
  const AttentionConfig& config = context.config;
  const Tensor q = queries(*this, x, context);
  const Tensor down = at::linear(x, kv_down, kv_down_bias);  // [T, R+P]
  const Tensor latent =
      kernels::rms_norm(down.narrow(1, 0, config.kv_rank), kv_norm, kLatentEpsilon);
  const Tensor raw_key = down.narrow(1, config.kv_rank, config.rope_width)
                             .unflatten(0, {context.batch, -1})
                             .unsqueeze(2);
  const Tensor rotary_key =
      kernels::rotate_tail(raw_key, context.table, pair_layout(config));  // [B, S, 1, P]

  Tensor o;
  if (context.cache == nullptr) {
    o = attend_expanded(*this, q, latent, rotary_key, context);
  } else {
    const Tensor entries =
        at::cat({latent.unflatten(0, {context.batch, -1}), rotary_key.squeeze(2)}, 2);
    const bool is_first = context.cache->length == 0;
    const Tensor cached = append_(*context.cache, entries);
    o = is_first ? attend_expanded(*this, q, latent, rotary_key, context)
                 : attend_absorbed(*this, q, cached, config);
  }
  return at::linear(o.reshape({x.size(0), -1}), output, output_bias);
}

Tensor GroupedAttention::operator()(const Tensor& x, const AttentionContext& context) const {
  const AttentionConfig& config = context.config;
  const auto heads = [&](const Tensor& weight, const Tensor& bias) {
    return at::linear(x, weight, bias)
        .view({context.batch, -1, weight.size(0) / config.head_width, config.head_width});
  };
  const Tensor q =
      kernels::rotate_tail(heads(query, query_bias), context.table, pair_layout(config));
  Tensor k = kernels::rotate_tail(heads(key, key_bias), context.table, pair_layout(config));
  Tensor v = heads(value, value_bias);
  if (context.cache != nullptr) {
    const Tensor cached = append_(*context.cache, at::cat({k.flatten(2), v.flatten(2)}, 2));
    const auto half = cached.size(2) / 2;
    k = cached.narrow(2, 0, half).unflatten(2, {config.kv_heads, config.head_width});
    v = cached.narrow(2, half, half).unflatten(2, {config.kv_heads, config.head_width});
  }
  const Tensor o = kernels::attention(q, k, v, softmax_scale(config), context.lengths);
  return at::linear(o.reshape({x.size(0), -1}), output, output_bias);
}

Attention make_attention(const AttentionConfig& config, int64_t width, c10::Device device) {
  const auto options = at::dtype(at::kFloat).device(device);
  const auto matrix = [&](int64_t rows, int64_t columns) {
    return at::empty({rows, columns}, options);
  };
  const auto vector = [&](int64_t size) { return at::empty({size}, options); };
  const int64_t query_rows = config.heads * config.key_width(),
                output_columns = config.heads * config.value_head_width();
  if (config.kind == AttentionKind::kGqa) {
    const int64_t kv_rows = config.kv_heads * config.head_width;
    GroupedAttention part{.query = matrix(query_rows, width),
                          .key = matrix(kv_rows, width),
                          .value = matrix(kv_rows, width),
                          .query_bias = {},
                          .key_bias = {},
                          .value_bias = {},
                          .output = matrix(width, output_columns),
                          .output_bias = {}};
    if (config.has_qkv_bias) {
      part.query_bias = vector(query_rows);
      part.key_bias = vector(kv_rows);
      part.value_bias = vector(kv_rows);
    }
    if (config.has_output_bias) {
      part.output_bias = vector(width);
    }
    return part;
  }
  LatentAttention part;
  const int64_t kv_rows = config.kv_rank + config.rope_width;
  if (config.query_rank == 0) {
    part.query = matrix(query_rows, width);
  } else {
    part.query_down = matrix(config.query_rank, width);
    part.query_norm = vector(config.query_rank);
    part.query_up = matrix(query_rows, config.query_rank);
  }
  part.kv_down = matrix(kv_rows, width);
  part.kv_norm = vector(config.kv_rank);
  part.kv_up = matrix(config.heads * (config.nope_width + config.value_width), config.kv_rank);
  part.output = matrix(width, output_columns);
  if (config.has_qkv_bias) {
    part.query_down_bias = config.query_rank == 0 ? Tensor() : vector(config.query_rank);
    part.kv_down_bias = vector(kv_rows);
  }
  if (config.has_output_bias) {
    part.output_bias = vector(width);
  }
  return part;
}

kernels::PairLayout pair_layout(const AttentionConfig& config) {
  return config.rope.interleaved ? kernels::PairLayout::kInterleaved : kernels::PairLayout::kHalves;
}

namespace {

kernels::RotaryTable rotary_table(const AttentionConfig& config, const Tensor& positions) {
  const Tensor frequencies =
      at::tensor(rope_frequencies(config.rope, config.rotary_width()), at::kDouble);  // [P/2]
  const Tensor angles =
      positions.unsqueeze(1) * frequencies;  // in double: positions past 10^5 need it
  const double magnitude = rope_magnitude(config.rope);
  return {(angles.cos() * magnitude).to(at::kFloat), (angles.sin() * magnitude).to(at::kFloat)};
}

}  // namespace

kernels::RotaryTable rotary_table(const AttentionConfig& config, int64_t first, int64_t count) {
  return rotary_table(config, at::arange(first, first + count, at::kDouble));
}

kernels::RotaryTable rotary_table(const AttentionConfig& config,
                                  const std::vector<int64_t>& lengths) {
  std::vector<Tensor> positions;
  for (const int64_t length : lengths) {
    positions.push_back(at::arange(length, at::kDouble));
  }
  return rotary_table(config, at::cat(positions));
}

}  // namespace rq::model
