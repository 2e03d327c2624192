#pragma once
// The best mesh for a process: every split of the devices over the axes that the network allows,
// each planned, the quickest of those that fit taken.

#include <cstdint>
#include <vector>

#include "plan/process_plan.h"

namespace rq::plan {

// The splits of exactly so many devices that the network and its batch allow. Rows are shared by
// ranks only as far as each keeps 4,096 tokens at once, as in the training that the efficiency
// comes from.
std::vector<Mesh> possible_meshes(const Workload& work, int64_t devices);

// The quickest that fits; where none does, the one that needs the least memory, with its misfit.
// Where half the devices would save a tenth of the device-hours or more, half are taken, and so on:
// a process that cannot use all of them leaves the others free.
//
// `wish` fixes axes. An Error where no mesh is as it asks.
ProcessPlan best_plan(const Workload& work,
                      const Cluster& cluster,
                      const Efficiency& efficiency,
                      const MeshWish& wish = {});

}  // namespace rq::plan
