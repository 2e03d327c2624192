#pragma once
// One process of a recipe as a plan sees it: the network, what it is trained on, how much of the
// way forward is kept, and what is generated. The recipe's reader fills it in.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/config.h"

namespace rq::plan {

// What of the way forward is done again on the way back (model/recompute.h).
enum class Recompute { kNone, kNorms, kLayer };
constexpr std::array<std::pair<Recompute, std::string_view>, 3> enum_names(Recompute) {
  return {{{Recompute::kNone, "none"}, {Recompute::kNorms, "norms"}, {Recompute::kLayer, "layer"}}};
}

// Rows a step: from `first` to `last` over the first `ramp_tokens`; first = 0: always `last`.
struct Rows {
  double first = 0, last = 1, ramp_tokens = 0;
};

// Tokens that a model writes, where the process has it write any.
struct Generation {
  double answers = 0;        // in all
  double at_once = 0;        // that begin together, as the answers of a step do; 0: as many as fit
  double most_at_once = 0;   // where none begin together: that are under way at most; 0: any number
  double group = 1;          // to the same question, which is read once
  double prompt_tokens = 0;  // before each
  double answer_tokens = 0;  // the mean
  double most_tokens = 0;    // the longest
  double cache_tokens = 0;   // remembered at most, of answers that ended too; 0: of those under way
  double temperature = 1, top_p = 1;  // tokens are drawn so: a processor's time hangs on it
  double programs = 0;  // the share of the answers that are programs, and are run to judge them
};

struct Workload {
  std::string name = {};  // "pretrain"
  std::string kind = {};  // "pretrain", "extend", "sft", "rl", "synth"
  model::ModelConfig shape = {};
  double tokens = 0;      // trained on, in all epochs; 0: none is trained
  double row_tokens = 0;  // of a row, which sees only itself
  Rows rows = {};
  double micro_batch = 0;     // rows at once; 0: the plan's choice
  double forward_tokens = 0;  // read without training: a reference's word on answers
  int64_t models = 1;         // held at the same time: 2 with a reference
  Recompute recompute = Recompute::kNone;
  bool has_prediction = true;  // the prediction layers are run and trained
  bool keeps_average = false;  // of the weights
  int64_t moments = 2;         // of a matrix: 2 with AdamW, 1 with Muon
  Generation generation = {};
  double dollars = 0;                         // paid to others: an endpoint's budget
  std::vector<std::string> assumptions = {};  // what the recipe leaves open, and what was taken

  double steps() const;  // optimizer steps
};

// Tokens that are trained on and drawn.
double all_tokens(const Workload& work);
// Operations of training, reading and drawing them, repeated ones not counted twice.
double model_flops(const Workload& work);

}  // namespace rq::plan
