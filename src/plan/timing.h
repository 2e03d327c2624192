#pragma once
// How long a step takes: operations over the peak that is reached, the pipeline's bubble, and what
// is sent when nothing runs.

#include "plan/device.h"
#include "plan/formats.h"
#include "plan/mesh.h"
#include "plan/traffic.h"
#include "plan/workload.h"

namespace rq::plan {

// Shares of the peaks that are reached, in training and where answers are drawn: a step of those is
// too small for a processor to be busy with.
struct Efficiency {
  Efficiency(double share) : training(share), generation(share) {}  // the same, where nobody timed
  Efficiency(double of_training, double of_generation)
      : training(of_training), generation(of_generation) {}

  double training, generation;

  Efficiency& operator*=(double factor) {
    training *= factor;
    generation *= factor;
    return *this;
  }
};

// Seconds of one device for one token, all stages together.
struct PassSeconds {
  double forward = 0;
  double inputs = 0;   // B: gradients of the inputs, and what is computed again before
  double weights = 0;  // W: gradients of the weights, which may wait

  double total() const { return forward + inputs + weights; }
};

// With a share `efficiency` of each peak. Products of matrices run in the narrowest format that the
// device has; attention over the context, router and head in the next wider one (DeepSeek-V3 §3.3).
// The way back through attention takes 2.5 times the way forward: scores are computed again
// (arXiv 2307.08691).
PassSeconds pass_seconds(const Workload& work, const Device& device, double efficiency);

// Operations that the device carries out for one trained token, repeated ones included.
double executed_flops(const Workload& work);

struct StepSeconds {
  double work = 0;    // of one rank, were all stages equal
  double bubble = 0;  // it waits for other stages
  double links = 0;   // and for links: beyond the work beside it, and after it

  double total() const { return work + bubble + links; }
};

// The row counts of micro-batches: as given, and what a rank has of them in a step of so many rows.
double micro_batch_of(const Workload& work, bool is_one_device, double rows);
double micro_batches(const Mesh& mesh, double rows, double micro_batch);

struct Machine {
  const Device& device;
  const Formats& formats;
  Efficiency efficiency = 1;
};
StepSeconds step_seconds(const Workload& work,
                         const Mesh& mesh,
                         const Machine& machine,
                         double rows);

}  // namespace rq::plan
