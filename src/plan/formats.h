#pragma once
// How many bytes a number takes in each role, and which activations are kept, where a device
// computes in FP8 (DeepSeek-V3 §3.3), in bfloat16, or in float32 as this program does on
// processors.

#include "plan/device.h"

namespace rq::plan {

struct Formats {
  // A parameter's.
  double weight = 4;    // what the products read
  double gradient = 4;  // summed over a step's micro-batches
  double master = 0;    // of the optimizer, beside the weight; 0: the weight is the master
  double moment = 4;    // each
  double average = 4;   // where the weights' average is kept on the device
  bool is_sharded =
      true;  // master and moments are spread over the ranks that hold the same (ZeRO-1)

  // An activation's.
  double residual = 4;             // what RMS norms keep
  double product_input = 4;        // what a matrix's gradient needs
  double attention_input = 4;      // queries, keys, values
  double attention_output = 4;     // both attention's and the next product's
  double passing = 4;              // gradients on their way, and what is sent to be added up
  double dispatched = 4;           // what is sent to an expert
  bool keeps_dispatched = true;    // the tokens of each visit, where they lie on another device
  bool keeps_swiglu = false;       // its result; else it is computed again from its input
  bool recomputes_queries = true;  // with Recompute::kNorms; keys and values are in any case
  double logit = 4;                // of a micro-batch, at the head
  double most_logit_bytes = 0;     // that are there at once; 0: those of a micro-batch
  double cached = 4;               // by generation
  double read_weight = 4;          // a parameter\'s, where nothing is trained
  double packed_weight = 0;        // its second copy, laid out for generation
  double idle_share = 0;           // of the activations: what the blocks they lie in take beside
};

// Those of a device: FP8 where it has it, else bfloat16, else float32.
Formats formats_of(const Device& device);

}  // namespace rq::plan
