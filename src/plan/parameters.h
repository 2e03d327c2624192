#pragma once
// How many parameters a network has, from its config alone. The same numbers come from counting the
// tensors of a made model; here they cost nothing at any size.

#include <cstdint>

#include "model/config.h"

namespace rq::plan {

// Parameters by part of the network. The prediction layers (MTP) are not among them.
struct Parts {
  int64_t embedding = 0;
  int64_t attention = 0;  // with MLA's latent norms and all biases
  int64_t dense = 0;      // dense feed-forward layers
  int64_t experts = 0;    // routed experts
  int64_t shared = 0;     // shared experts
  int64_t router = 0;     // centroids and selection biases
  int64_t norms = 0;      // of the blocks, and the last one
  int64_t head = 0;       // 0 where the head is the embedding

  int64_t total() const {
    return embedding + attention + dense + experts + shared + router + norms + head;
  }
  template <typename Visit>
  void each(Visit&& visit) {
    visit("embedding", embedding);
    visit("attention", attention);
    visit("dense", dense);
    visit("experts", experts);
    visit("shared", shared);
    visit("router", router);
    visit("norms", norms);
    visit("head", head);
  }
};

// The published totals of DeepSeek-V3 (671,026,419,200), V2-Lite and Moonlight are stored.total():
// embedding, head and selection biases are in, the prediction layers are not. V3's published
// 37,552,282,624 activated are activated.total(): embedding and head are in, selection biases and
// the prediction layers are not.
struct ParameterCount {
  Parts stored;                      // what a checkpoint holds
  Parts activated;                   // what one token's numbers depend on: top_k experts a layer,
                                     // and no selection biases, which only choose
  int64_t prediction = 0;            // the prediction layers' own, without embedding and head
  int64_t prediction_activated = 0;  // of those, what one token activates

  // Every tensor of a made model.
  int64_t total() const { return stored.total() + prediction; }
};

// Any valid config.
ParameterCount count_parameters(const model::ModelConfig& config);

// One layer's attention (for V3 187.11 M), and one layer's mixture: shared and routed experts with
// their router (11,320.16 M).
int64_t attention_parameters(const model::AttentionConfig& attention, int64_t width);
int64_t mixture_parameters(const model::MoeConfig& moe, int64_t width);

}  // namespace rq::plan
