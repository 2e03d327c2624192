#pragma once
// What pre-training minimises (DeepSeek-V3 §2.1.2 and §2.2): next-token cross-entropy, plus lambda
// times the mean loss of the multi-token prediction depths, plus alpha times the sequence-wise
// balance loss of every MoE block.

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "base/tensor.h"
#include "model/model.h"

namespace rq::train {

struct LossWeights {
  double mtp = 0.3;       // lambda (eq. 25), over the number of depths
  double balance = 1e-4;  // alpha (eq. 17)
};

struct Losses {
  Tensor total;       // scalar, to differentiate
  Tensor next_token;  // scalar: mean natural logarithm a token, detached
  Tensor mtp;         // scalar: mean over depths and tokens, detached; 0 without MTP
  Tensor balance;     // scalar: mean over MoE blocks, without alpha, detached; 0 without MoE
  std::vector<Tensor> loads;  // [E] int64 visits to each expert, by MoE block, those of the MTP
                              // layers, where they were run, last
};

// Tokens that a row needs: the input, and one target more for each further depth.
inline int64_t extra_tokens(const model::ModelConfig& config) {
  return 1 + config.mtp_layers;
}

// Losses times a factor, for a part of a step. The loads stay as they are.
Losses scaled(Losses losses, double factor);

// rows [B, S + extra_tokens] int64. Position s of depth k (0 is the model itself) sees row[s … s+k]
// and predicts row[s+k+1].
Losses pretraining_losses(const model::Model& model,
                          const Tensor& rows,
                          const LossWeights& weights,
                          model::Recompute recompute = model::Recompute::kNone);

// Sequences of any lengths, one after the other, none of which sees another.
struct Samples {
  Tensor tokens;                 // [T] int64
  std::vector<int64_t> lengths;  // sum to T
  Tensor weights;                // [T] float32: of foretelling each token from those before it
  double share = 1;              // of the step that they are a part of: what their balance counts
};

// Sequences of these lengths in runs of at most `most_tokens`, each of one at least: first and
// count of each run; 0: all in one.
std::vector<std::pair<int64_t, int64_t>> cut(const std::vector<int64_t>& lengths,
                                             int64_t most_tokens);

// The tokens of samples that have a weight, as the model foretells them.
struct Foretold {
  Tensor hidden;   // [N, D]: times the head it gives the logits of each
  Tensor tokens;   // [N] int64
  Tensor places;   // [N] int64, among all of the samples' tokens
  Tensor weights;  // [N]
};
// What is to become small; a scalar.
using Objective = std::function<Tensor(const Foretold&)>;

// The objective of the model itself; without one, the cross-entropies times the weights: a mean
// where they sum to 1. Depth k of multi-token prediction has cross-entropies in either case, and
// the same tokens but for the first k + 1 of each sequence; none is run where its weight is 0.
Losses sample_losses(const model::Model& model,
                     const Samples& samples,
                     const LossWeights& weights,
                     model::Recompute recompute = model::Recompute::kNone,
                     const Objective& objective = {});

// Pairs of sequences, the better one of each first, that a reward model (model.score) has to tell
// apart: the mean of -log sigmoid(score of the better - score of the other) (Bradley-Terry; Ouyang
// et al., arXiv 2203.02155, eq. 1). `samples.lengths` are an even number; the weights play no part,
// and no prediction layer is run. `right` becomes the number of pairs in the right order.
Losses preference_losses(const model::Model& model,
                         const Samples& samples,
                         const LossWeights& weights,
                         model::Recompute recompute,
                         int64_t& right);

// What sequences are worth to a reward model, one number each.
Tensor scores_of(const model::Model& model, const Samples& samples);

// What the model foretells, without multi-token prediction: for looking alone.
Foretold foretell(const model::Model& model, const Samples& samples);

// Auxiliary-loss-free balancing: after a step, each expert's selection bias goes up by `step` where
// it got fewer visits than the mean, and down where it got more. `loads` as in Losses, summed over
// the whole batch.
void update_selection_bias_(model::Model& model, const std::vector<Tensor>& loads, double step);

}  // namespace rq::train
