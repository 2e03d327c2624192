#pragma once
// What a rank sends, by what it is for, and how long the link takes that it goes over.

#include <string_view>

#include "plan/device.h"
#include "plan/formats.h"
#include "plan/mesh.h"
#include "plan/workload.h"

namespace rq::plan {

// Bytes that one rank sends in an optimizer step.
struct Traffic {
  double experts_network = 0;  // tokens to experts on other nodes, and what comes back; both ways
  double experts_node = 0;     // the same within a node
  double context = 0;          // latents and attention's output among the ranks that share a row
  double pipeline = 0;         // from stage to stage, and gradients back
  double gradients = 0;        // added up over the ranks that hold the same, once a step
  double parameters = 0;       // and shared out again by those that updated them

  template <typename Visit>
  void each(Visit&& visit) {
    visit("experts_network", experts_network);
    visit("experts_node", experts_node);
    visit("context", context);
    visit("pipeline", pipeline);
    visit("gradients", gradients);
    visit("parameters", parameters);
  }
};

// Of a step of so many rows.
Traffic step_traffic(const Workload& work,
                     const Mesh& mesh,
                     const Device& device,
                     const Formats& formats,
                     double rows);

// Seconds of the busiest link with what is sent while products run, and of what is sent at the end
// of a step, when there is nothing left to run beside it.
struct LinkSeconds {
  double beside = 0, after = 0;
};
LinkSeconds link_seconds(const Traffic& traffic, const Mesh& mesh, const Device& device);

}  // namespace rq::plan
