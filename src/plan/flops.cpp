#include "plan/flops.h"

#include <cstdint>

#include "plan/parameters.h"

namespace rq::plan {
namespace {

using model::ModelConfig;

// Multiplications of one layer's scores and of its mixed values, a token.
double attention_products(const ModelConfig& config, int64_t context) {
  const model::AttentionConfig& attention = config.attention;
  const int64_t a_key = attention.heads * (attention.key_width() + attention.value_head_width());
  return static_cast<double>(a_key) * static_cast<double>(context + 1) / 2;
}

}  // namespace

double forward_flops(const ModelConfig& config, int64_t context) {
  const Parts activated = count_parameters(config).activated;
  const int64_t multiplied =
      activated.total() - (config.has_tied_embeddings ? 0 : activated.embedding);
  return 2 * (static_cast<double>(multiplied) +
              static_cast<double>(config.layers) * attention_products(config, context));
}

double training_flops(const ModelConfig& config, int64_t context) {
  const auto depths = static_cast<double>(config.mtp_layers);
  const auto head = static_cast<double>(config.vocab_size * config.width);
  const auto own = static_cast<double>(count_parameters(config).prediction_activated);
  const double prediction =
      2 * (own + depths * head + depths * attention_products(config, context));
  return 3 * (forward_flops(config, context) + prediction);
}

int64_t cache_bytes(const ModelConfig& config, int64_t bytes_per_number) {
  return config.layers * config.attention.cache_width() * bytes_per_number;
}

}  // namespace rq::plan
