#pragma once
// What lies in the memory of the fullest rank, by part.

#include <cstdint>
#include <optional>
#include <string>

#include "plan/formats.h"
#include "plan/mesh.h"
#include "plan/workload.h"

namespace rq::plan {

// Bytes.
struct Memory {
  double weights = 0;
  double gradients = 0;
  double optimizer = 0;    // masters, moments, the average where the device holds it
  double activations = 0;  // kept for the way back, of all micro-batches under way
  double workspace = 0;    // of the one block and the head that are being worked on
  double caches = 0;       // of generation
  double buffers = 0;      // of what is sent and received
  double program = 0;

  double total() const {
    return weights + gradients + optimizer + activations + workspace + caches + buffers + program;
  }
  template <typename Visit>
  void each(Visit&& visit) {
    visit("weights", weights);
    visit("gradients", gradients);
    visit("optimizer", optimizer);
    visit("activations", activations);
    visit("workspace", workspace);
    visit("caches", caches);
    visit("buffers", buffers);
    visit("program", program);
  }
};

// Bytes that a token leaves behind in one block, for the way back.
double kept_bytes(const model::ModelConfig& config,
                  bool is_moe,
                  Recompute recompute,
                  const Formats& formats);

// The fullest rank of a training: so many rows at once, and so many times in a step. What the
// program itself takes is not counted here.
struct MicroBatches {
  double rows = 1, count = 1;
};
Memory training_memory(const Workload& work,
                       const Mesh& mesh,
                       const Formats& formats,
                       const MicroBatches& batches);

// A rank that answers, of `ranks` that share the network; so many answers under way among them.
Memory generation_memory(const Workload& work,
                         const Formats& formats,
                         double ranks,
                         double answers);

// The part at which what has been counted first exceeds so many bytes: "activations: 12 GB of ...";
// nothing where all fits.
std::optional<std::string> first_that_does_not_fit(const Memory& memory, double bytes);

}  // namespace rq::plan
