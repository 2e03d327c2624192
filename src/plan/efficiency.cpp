#include "plan/efficiency.h"

#include "plan/device.h"

namespace rq::plan {

Workload v3_pretraining() {
  Workload work{.name = "pretrain", .kind = "pretrain", .shape = model::deepseek_v3()};
  work.tokens = 14.8e12;
  work.row_tokens = 4096;
  work.rows = {.first = 3072, .last = 15360, .ramp_tokens = 469e9};
  work.micro_batch = 1;
  work.recompute = Recompute::kNorms;
  work.keeps_average = true;
  return work;
}

Mesh v3_mesh() {
  return {.pipeline = 16, .data = 128, .context = 1, .expert = 64, .schedule = Schedule::kDualPipe};
}

double published_efficiency() {
  const Cluster cluster = parse_cluster("h800:2048", known_devices());
  const Workload work = v3_pretraining();
  double low = 0.01, high = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    const double hours = plan_process(work, cluster, v3_mesh(), middle).device_hours;
    (hours > kV3PretrainingHours ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace rq::plan
