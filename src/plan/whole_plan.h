#pragma once
// The plan of all processes of a recipe on one kind of device, and how it is told.

#include <string>
#include <vector>

#include "base/json.h"
#include "plan/device.h"
#include "plan/mesh.h"
#include "plan/process_plan.h"
#include "plan/workload.h"

namespace rq::plan {

struct PlannedProcess {
  Workload work = {};
  Efficiency efficiency = 0;  // the shares of the peaks that it is reckoned with
  ProcessPlan plan = {};
};

struct Totals {
  double seconds = 0, device_hours = 0, dollars = 0, kilowatt_hours = 0, memory_bytes = 0;
};

struct WholePlan {
  std::string name = {};  // the recipe's
  Cluster cluster = {};
  std::string efficiency_origin = {};  // where the share of the peaks comes from, as a sentence
  MeshWish wish = {};
  std::vector<PlannedProcess> processes = {};

  // Sums; of memory the largest.
  Totals totals() const;
};

// Plans each process of which `processes` holds work and efficiency.
void plan_all(WholePlan& whole);
// The same with all efficiencies times `factor`.
WholePlan with_efficiency(const WholePlan& whole, double factor);

// A table of the processes, their sum, what would change with the efficiency, and what does not
// fit.
std::string summary_text(const WholePlan& whole);
// All that is known of one process: parameters, operations, memory, links, step.
std::string details_text(const PlannedProcess& process, const Device& device);
Json as_json(const WholePlan& whole);

}  // namespace rq::plan
