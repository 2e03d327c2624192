#pragma once
// A model's weights as generation wants them: every matrix laid out for products with few rows
// (kernels/cpu/packed_matrix.h). No torch here; weights.cpp takes them from a model.

#include <cstdint>
#include <variant>
#include <vector>

#include "kernels/cpu/packed_matrix.h"
#include "model/model.h"

namespace rq::generate {

using kernels::cpu::PackedMatrix;
using Floats = std::vector<float>;

struct LatentWeights {
  PackedMatrix input;     // queries, or their latent [Q], then the KV latent [R] and rotary key [P]
  Floats input_bias;      // empty where there is none
  Floats query_norm;      // [Q]; empty where there is no query rank
  PackedMatrix query_up;  // [H(N+P), Q]
  Floats kv_norm;         // [R]
  std::vector<PackedMatrix> kv_up;     // of each head [N+U, R]: expands a latent
  std::vector<PackedMatrix> key_up;    // of each head [R, N]: absorbed into its query
  std::vector<PackedMatrix> value_up;  // of each head [U, R]: applied to the mixed latents
};

struct GroupedWeights {
  PackedMatrix input;  // queries [HW], keys [GW], values [GW]
  Floats input_bias;
};

struct AttentionWeights {
  Floats norm;  // [D]
  std::variant<LatentWeights, GroupedWeights> kind;
  PackedMatrix output;  // [D, HU]
  Floats output_bias;
};

struct ExpertWeights {
  PackedMatrix gate_up;  // by pack_gate_up
  PackedMatrix down;     // [D, F]
  std::int64_t width;    // F
};

struct FeedForwardWeights {
  Floats norm;                         // [D]
  PackedMatrix centroids;              // [E, D]; no outputs where nothing is routed
  Floats selection_bias;               // [E], or empty
  std::vector<ExpertWeights> experts;  // the routed ones; then the one of every token: the shared
                                       // experts, or the dense layer
  bool has_common = true;              // whether there is that last one

  std::int64_t routed() const { return centroids.outputs; }
};

struct BlockWeights {
  AttentionWeights attention;
  FeedForwardWeights feed_forward;
};

struct PredictionWeights {
  Floats embedding_norm, hidden_norm, output_norm;  // [D]
  PackedMatrix projection;                          // [D, 2D]
  BlockWeights block;
};

struct Weights {
  Floats embedding;  // [V, D]
  std::vector<BlockWeights> blocks;
  Floats norm;                                 // [D]
  PackedMatrix head;                           // [V, D]
  std::vector<PredictionWeights> predictions;  // the first layer of multi-token prediction, or none
  Floats cosines, sines;                       // [context, rotary width / 2]
};

Weights pack_weights(const model::Model& model);

}  // namespace rq::generate
