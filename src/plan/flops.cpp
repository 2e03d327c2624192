#include "plan/flops.h"

#include <cstdint>

#include "plan/parameters.h"

namespace rq::plan {
namespace {

using model::ModelConfig;

// Multiplications of one layer's scores and of its mixed values, a token.
double attention_products(const ModelConfig& config, double context) {
  const model::AttentionConfig& attention = config.attention;
  const int64_t a_key = attention.heads * (attention.key_width() + attention.value_head_width());
  return static_cast<double>(a_key) * (context + 1) / 2;
}

}  // namespace

FlopsByPart forward_flops_by_part(const ModelConfig& config, double context) {
  const ParameterCount count = count_parameters(config);
  const Parts& used = count.activated;
  const auto twice = [](int64_t products) { return 2.0 * static_cast<double>(products); };
  const auto layers = static_cast<double>(config.layers),
             depths = static_cast<double>(config.mtp_layers);
  const double head = twice(config.vocab_size * config.width),
               scores = 2 * attention_products(config, context);
  return {.projections = twice(used.attention + used.norms),
          .scores = layers * scores,
          .dense = twice(used.dense),
          .experts = twice(used.experts),
          .shared = twice(used.shared),
          .router = twice(used.router),
          .head = head,
          .prediction = twice(count.prediction_activated),
          .prediction_scores = depths * scores,
          .prediction_head = depths * head};
}

double forward_flops(const ModelConfig& config, int64_t context) {
  const FlopsByPart parts = forward_flops_by_part(config, static_cast<double>(context));
  return parts.total() - parts.prediction - parts.prediction_scores - parts.prediction_head;
}

double training_flops(const ModelConfig& config, int64_t context) {
  return 3 * forward_flops_by_part(config, static_cast<double>(context)).total();
}

int64_t cache_bytes(const ModelConfig& config, int64_t bytes_per_number) {
  return config.layers * config.attention.cache_width() * bytes_per_number;
}

}  // namespace rq::plan
