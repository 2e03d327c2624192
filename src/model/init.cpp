// Initialisation by role: see initialize_ in model/model.h.

#include <cmath>
#include <cstdint>
#include <string>
#include <variant>

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include "base/rng.h"
#include "base/tensor.h"
#include "kernels/rotary.h"
#include "model/attention.h"
#include "model/model.h"
#include "model/parameters.h"
#include "model/rope_frequencies.h"

namespace rq::model {

namespace {

void draw_(Tensor& tensor, double std, std::uint64_t seed, const std::string& name) {
  tensor.normal_(0.0, std, at::detail::createCPUGenerator(Rng(seed, "init/" + name).next()));
}

double own_embedding_std(const ModelConfig& config) {
  return config.embedding_std > 0 ? config.embedding_std : config.init_std;
}

// Makes every head of the layer begin by looking at the token before. The normed input of the first
// layer is a token's own part and the shared one, which is the same everywhere: of that, a key is
// made, and a query that is this key turned back by one position, so that their product is largest
// one token back. The size of both is such that the score is config.look_back there.
void look_back_(LatentAttention& attention, const ModelConfig& config, const Tensor& shared) {
  const AttentionConfig& part = config.attention;
  const double shared_square = shared.square().mean().item<double>();
  const double share =
      std::sqrt(shared_square / (shared_square + std::pow(own_embedding_std(config), 2)));
  const auto unit = [](const Tensor& x) { return x / x.norm(); };
  const bool has_rank = part.query_rank > 0;
  const Tensor along_key = unit(shared);  // [D]
  const Tensor along_query =
      has_rank ? unit(attention.query_down.mv(shared)) : along_key;  // [D] or [Q]
  const double key_size = share * std::sqrt(static_cast<double>(along_key.numel()));
  const double query_size = share * std::sqrt(static_cast<double>(along_query.numel()));
  const double product = config.look_back / softmax_scale(part);  // of the rotary query and key
  const Tensor key = at::full({1, 1, 1, part.rope_width},
                              std::sqrt(product / static_cast<double>(part.rope_width)));
  const Tensor query = kernels::rotate_tail(key, rotary_table(part, -1, 1), pair_layout(part));
  attention.kv_down.narrow(0, part.kv_rank, part.rope_width)
      .add_(at::outer(key.flatten(), along_key / key_size));
  Tensor& queries = has_rank ? attention.query_up : attention.query;
  queries.unflatten(0, {part.heads, -1})
      .narrow(1, part.nope_width, part.rope_width)
      .add_(at::outer(query.flatten(), along_query / query_size));
}

// What all rows of the input embedding have in common.
void share_(Model& model, std::uint64_t seed, const std::string& name) {
  const ModelConfig& config = model.config;
  Tensor shared = at::empty({config.width}, model.embedding.options());  // [D]
  draw_(shared, config.shared_embedding_std, seed, name);
  model.embedding.add_(shared);
  if (config.look_back > 0) {
    look_back_(std::get<LatentAttention>(model.blocks.front().attention), config, shared);
  }
}

}  // namespace

void initialize_(Model& model, std::uint64_t seed) {
  const at::NoGradGuard no_grad;
  each_tensor(model, [&](const std::string& name, Tensor& tensor, Role role) {
    switch (role) {
      case Role::kMatrix:
      case Role::kEmbedding:
        draw_(tensor,
              tensor.is_same(model.embedding) ? own_embedding_std(model.config)
                                              : model.config.init_std,
              seed,
              name);
        break;
      case Role::kGain:
        tensor.fill_(1.0);
        break;
      case Role::kOffset:
      case Role::kState:
        tensor.zero_();
        break;
    }
  });
  if (model.config.shared_embedding_std > 0) {
    share_(model, seed, "shared_embedding");
  }
}

}  // namespace rq::model
