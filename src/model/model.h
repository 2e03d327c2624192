#pragma once
// The network: embedding, blocks, norm, head, and the multi-token prediction layers (DeepSeek-V3
// §2). A plain value: copying it shares its tensors. Shapes: model/shapes.h.

#include <cstdint>
#include <vector>

#include "base/tensor.h"
#include "model/attention.h"
#include "model/config.h"
#include "model/feed_forward.h"
#include "model/parameters.h"
#include "model/recompute.h"

namespace rq::model {

// One Transformer block, norms before its parts.
struct Block {
  Tensor attention_norm;  // [D]
  Attention attention;
  Tensor feed_forward_norm;  // [D]
  FeedForward feed_forward;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("attention_norm", attention_norm, Role::kGain);
    visit("attention", attention);
    visit("feed_forward_norm", feed_forward_norm, Role::kGain);
    visit("feed_forward", feed_forward);
  }
};

// One further depth of multi-token prediction (§2.2, eqs. 21 to 23): predicts a token further ahead
// from the hidden state and the next token's embedding. Embedding and head are the model's own.
struct PredictionLayer {
  Tensor embedding_norm;  // [D]
  Tensor hidden_norm;     // [D]
  Tensor projection;      // [D, 2D]: columns for the embedding, then for the hidden state, as V3's
                          // checkpoint has them
  Block block;
  Tensor output_norm;  // [D]

  template <typename Visit>
  void each(Visit&& visit) {
    visit("embedding_norm", embedding_norm, Role::kGain);
    visit("hidden_norm", hidden_norm, Role::kGain);
    visit("projection", projection, Role::kMatrix);
    visit("block", block);
    visit("output_norm", output_norm, Role::kGain);
  }
};

// What generation remembers: one entry a block.
struct Cache {
  std::vector<LayerCache> layers;
  int64_t length() const { return layers.empty() ? 0 : layers.front().length; }
};

struct Output {
  Tensor hidden;                  // [T, D], normed: times the head it gives logits
  std::vector<Routing> routings;  // of the MoE blocks, in order
};

struct Model {
  ModelConfig config;
  Tensor embedding;  // [V, D]
  std::vector<Block> blocks;
  Tensor norm;  // [D]
  Tensor head;  // [V, D]; undefined where it is the embedding
  std::vector<PredictionLayer> predictions;
  Tensor score;  // [1, D], of a reward model: times the hidden state of a sequence's last token,
                 // what the sequence is worth; else undefined

  // tokens [B, S] int64. With a cache, the tokens continue it; `recompute` changes memory and time
  // of the way back and no bit of any result. With `lengths`, B is 1, there is no cache, and the
  // row is sequences of these lengths: each begins at position 0 and sees itself alone.
  Output operator()(const Tensor& tokens,
                    Cache* cache = nullptr,
                    Recompute recompute = Recompute::kNone,
                    const std::vector<int64_t>& lengths = {}) const;

  // Depth `depth` (from 0) of multi-token prediction: `hidden` [T, D] is the normed output of the
  // depth before, tokens [B, S] are those `depth + 1` places ahead of the model's input. Times the
  // head, the result predicts the token one further place ahead.
  Output predict_further(int64_t depth,
                         const Tensor& hidden,
                         const Tensor& tokens,
                         Recompute recompute = Recompute::kNone,
                         const std::vector<int64_t>& lengths = {}) const;

  const Tensor& output_head() const { return head.defined() ? head : embedding; }
  Cache make_cache(int64_t batch, int64_t capacity) const;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("embedding", embedding, Role::kEmbedding);
    visit("blocks", blocks);
    visit("norm", norm, Role::kGain);
    visit("head", head, Role::kEmbedding);
    visit("predictions", predictions);
    visit("score", score, Role::kEmbedding);
  }
};

// A model of float32 tensors of the right shapes, not yet initialised; on the device kMeta it takes
// no memory and has shapes alone. The config must be valid.
Model make_model(const ModelConfig& config, c10::Device device = c10::kCPU);

// Draws every tensor by its role: matrices and embeddings from N(0, init_std^2) (the input
// embedding from N(0, embedding_std^2) where that is set), gains one, offsets and selection biases
// zero. A tensor's draw depends on the seed and its name alone. Where the config says so, all input
// embeddings share a vector, and the first layer's heads begin by looking at the token before.
void initialize_(Model& model, std::uint64_t seed);

}  // namespace rq::model
