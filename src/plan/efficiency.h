#pragma once
// The one assumption of a plan: the share of a device's peaks that a long training reaches, all
// that no formula here counts in it. It is derived from one published row.

#include <string>

#include "plan/mesh.h"
#include "plan/process_plan.h"
#include "plan/workload.h"

namespace rq::plan {

// DeepSeek-V3's pre-training as published (arXiv 2412.19437 §3.1, §3.2, §4.2), its mesh, and what
// it took (table 1).
Workload v3_pretraining();
Mesh v3_mesh();
constexpr double kV3PretrainingHours = 2'664'000;
constexpr double kV3ExtensionHours = 119'000;
constexpr double kV3PostTrainingHours = 5'000;
constexpr double kV3HoursATrillionTokens = 180'000;

// The share at which that pre-training takes its published device-hours on its published mesh.
double published_efficiency();

}  // namespace rq::plan
