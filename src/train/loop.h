#pragma once
// The loop that every training runs: step by step to the end, each reported, saved every so often.
// A training that is killed at any moment goes on from its last checkpoint to the same bits.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/tensor.h"
#include "train/metrics.h"
#include "train/trainer.h"

namespace rq::train {

struct StepDone {
  StepReport report;
  int64_t tokens = 0;     // that went through the network
  double flops = 0;       // that this took
  Scalars scalars = {};   // what else is to be reported
  std::string note = {};  // beside the progress bar; without one, the loss
};

// The steps of one kind of training, one after the other.
class Steps {
 public:
  virtual ~Steps() = default;

  struct Way {
    int64_t done = 0, all = 0;
    std::string_view unit;  // "tokens"
  };
  virtual Way way(const Trainer& trainer) const = 0;
  // Takes the next step, which may be several of the trainer's. Throws Interrupted where a stop was
  // requested before anything has changed. REQUIRES that not all is done.
  virtual StepDone next(Trainer& trainer) = 0;

  // Where it stands, beside what the trainer knows; restored after the trainer's own state.
  virtual Json state() const = 0;
  virtual void restore(const Json& state) = 0;
  // Tensors of the same kind, restored in place.
  virtual std::vector<std::pair<std::string, Tensor>> tensors() { return {}; }
};

// Looks at the model in training after a step, and returns what it found by name; nothing where
// none is due. The same step gives the same answer.
using Probe = std::function<Scalars(int64_t step)>;

// What surrounds a training.
struct Workplace {
  std::filesystem::path folder;  // checkpoints/, metrics.jsonl, events for TensorBoard
  std::function<void(int64_t tokens, double flops)> on_step;  // told what each step spent
  Probe probe;                                                // may be empty
  std::function<void(std::string_view)> log;                  // told what a person should read
};

// Takes steps until all is done; then the weights' average, where one is kept, takes their place.
// Throws Interrupted after saving where a stop was requested, and MachineError where too many steps
// had a loss or gradient that was not finite, or a loss spike.
void run_loop(const TrainingConfig& config,
              Trainer& trainer,
              Steps& steps,
              const Workplace& workplace);

}  // namespace rq::train
