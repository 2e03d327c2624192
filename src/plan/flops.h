#pragma once
// What a token costs, from a config alone: floating-point operations and cache bytes.
//
// A product of a [m, n] matrix with a vector is 2mn operations. With N the activated parameters
// (the input embedding is looked up, not multiplied, and does not count; a tied head is multiplied,
// and does), L layers, H heads, key and value widths W and U, and a causal context of S positions,
// of which a token sees (S+1)/2 on average:
//
//   forward  = 2N + 2 L H (W+U) (S+1)/2
//   training = 3 * forward, the way back being two products for each of the way forward:
//            = 6N + 6 L H (W+U) (S+1)/2
//
// Training adds each prediction layer (MTP): its own parameters, its attention, and the head once
// more. Norms count as matrices, which overstates N by less than 0.01 % at V3's size; softmax,
// activations and recomputation are not counted.

#include <cstdint>

#include "model/config.h"

namespace rq::plan {

// Operations a token on the way forward, by part of the network.
struct FlopsByPart {
  double projections = 0;  // of attention
  double scores = 0;       // attention over the context: scores and mixed values
  double dense = 0;
  double experts = 0;  // routed
  double shared = 0;
  double router = 0;
  double head = 0;
  double prediction = 0;         // the prediction layers' matrices, without the next two
  double prediction_scores = 0;  // their attention over the context
  double prediction_head = 0;    // the head once more for each

  double total() const {
    return projections + scores + dense + experts + shared + router + head + prediction +
           prediction_scores + prediction_head;
  }
  template <typename Visit>
  void each(Visit&& visit) {
    visit("projections", projections);
    visit("scores", scores);
    visit("dense", dense);
    visit("experts", experts);
    visit("shared", shared);
    visit("router", router);
    visit("head", head);
    visit("prediction", prediction);
    visit("prediction_scores", prediction_scores);
    visit("prediction_head", prediction_head);
  }
};

// Averaged over a sequence of `context` tokens, which need not be a whole number where it is itself
// a mean. Norms count with what they stand before.
FlopsByPart forward_flops_by_part(const model::ModelConfig& config, double context);

// Operations a token, averaged over a sequence of `context` tokens, without the prediction layers:
// what evaluation and prefill do.
double forward_flops(const model::ModelConfig& config, int64_t context);

// Operations a trained token, prediction layers included.
double training_flops(const model::ModelConfig& config, int64_t context);

// What generation keeps of one token in all layers: MLA the latent and the rotary key, GQA all keys
// and values. V3 in bfloat16: 61 * 576 * 2 = 70,272.
int64_t cache_bytes(const model::ModelConfig& config, int64_t bytes_per_number);

}  // namespace rq::plan
