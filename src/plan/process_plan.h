#pragma once
// What one process takes on so many devices: time, money, energy, and whether it fits.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/device.h"
#include "plan/flops.h"
#include "plan/memory.h"
#include "plan/mesh.h"
#include "plan/parameters.h"
#include "plan/timing.h"
#include "plan/traffic.h"
#include "plan/workload.h"

namespace rq::plan {

// How answers are drawn: the devices form groups that hold the network once each.
struct GenerationPlan {
  double ranks = 0;      // of a group
  double groups = 0;     //
  double at_once = 0;    // answers under way in a group, on average
  double token_s = 0;    // of a group, for one token of each
  double judging_s = 0;  // where answers are programs
  double seconds = 0;    // in all, judging included
};

struct ProcessPlan {
  Mesh mesh = {};
  FlopsByPart forward = {};  // of a token
  double flops = 0;          // of all that is trained, read and drawn; nothing counted twice
  double micro_batch = 0;    // rows
  Memory memory = {};        // of the fullest rank, while training or drawing
  std::array<Memory, 3> by_recompute = {};  // while training, in the order of enum_names
  std::optional<std::string> misfit = {};   // the first part that does not fit
  StepSeconds step = {};                    // an optimizer step at the last batch size
  Traffic traffic = {};                     // the same step's
  GenerationPlan generation = {};
  double training_s = 0, reading_s = 0;  // beside what generation takes
  double bubble_share = 0;               // of the training
  double seconds = 0;
  double device_hours = 0;
  double dollars = 0;  // of devices, and what is paid to others
  double kilowatt_hours = 0;
};

// One process on one mesh. REQUIRES that the axes divide what they split (search.h says which do).
ProcessPlan plan_process(const Workload& work,
                         const Cluster& cluster,
                         const Mesh& mesh,
                         const Efficiency& efficiency);

}  // namespace rq::plan
