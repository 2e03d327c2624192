#include "plan/search.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.h"

namespace rq::plan {
namespace {

constexpr double kWorthHalving = 0.9;
constexpr int64_t kFewestTokensARank = 4096;

bool is_better(const ProcessPlan& a, const ProcessPlan& b) {
  if (a.misfit.has_value() != b.misfit.has_value()) {
    return !a.misfit.has_value();
  }
  return a.misfit ? a.memory.total() < b.memory.total() : a.seconds < b.seconds;
}

class Search {
 public:
  Search(const Workload& work,
         const Cluster& cluster,
         const Efficiency& efficiency,
         const MeshWish& wish)
      : work_(work), cluster_(cluster), efficiency_(efficiency), wish_(wish) {}

  std::optional<ProcessPlan> on(int64_t devices) const {
    std::optional<ProcessPlan> best;
    for (const Mesh& mesh : possible_meshes(work_, devices)) {
      if (wish_.admits(mesh)) {
        ProcessPlan plan = plan_process(work_, cluster_, mesh, efficiency_);
        if (!best || is_better(plan, *best)) {
          best = std::move(plan);
        }
      }
    }
    return best;
  }

 private:
  const Workload& work_;
  const Cluster& cluster_;
  Efficiency efficiency_;
  const MeshWish& wish_;
};

void add_expert_axes(Mesh mesh, const Workload& work, std::vector<Mesh>& meshes) {
  const int64_t same = mesh.data * mesh.context, experts = work.shape.moe.experts;
  for (mesh.expert = 1; mesh.expert == 1 || (mesh.expert <= same && mesh.expert <= experts);
       mesh.expert *= 2) {
    if (same % mesh.expert != 0 || (experts > 0 && experts % mesh.expert != 0)) {
      continue;
    }
    mesh.schedule = Schedule::kOneForwardOneBack;
    meshes.push_back(mesh);
    const double batches =
        micro_batches(mesh, work.rows.last, micro_batch_of(work, false, work.rows.last));
    if (mesh.pipeline % 2 == 0 && batches >= static_cast<double>(2 * mesh.pipeline)) {
      mesh.schedule = Schedule::kDualPipe;
      meshes.push_back(mesh);
    }
  }
}

}  // namespace

std::vector<Mesh> possible_meshes(const Workload& work, int64_t devices) {
  std::vector<Mesh> meshes;
  const int64_t blocks = work.shape.layers + (work.has_prediction ? work.shape.mtp_layers : 0);
  for (int64_t pipeline = 1; pipeline <= blocks && pipeline <= devices; pipeline *= 2) {
    for (int64_t context = 1; pipeline * context <= devices; context *= 2) {
      const bool is_too_short = static_cast<double>(context * kFewestTokensARank) > work.row_tokens;
      if (context > 1 && (is_too_short || work.shape.attention.heads % context != 0)) {
        break;
      }
      if (devices % (pipeline * context) == 0) {
        add_expert_axes(
            {.pipeline = pipeline, .data = devices / (pipeline * context), .context = context},
            work,
            meshes);
      }
    }
  }
  return meshes;
}

ProcessPlan best_plan(const Workload& work,
                      const Cluster& cluster,
                      const Efficiency& efficiency,
                      const MeshWish& wish) {
  const Search search(work, cluster, efficiency, wish);
  std::optional<ProcessPlan> best = search.on(cluster.devices);
  check(
      best.has_value(),
      "{}: no mesh of {} devices is as --mesh asks; rows of {:.0f} tokens, {} heads, {} blocks and "
      "{} experts can be split otherwise",
      work.name,
      cluster.devices,
      work.row_tokens,
      work.shape.attention.heads,
      work.shape.layers + work.shape.mtp_layers,
      work.shape.moe.experts);
  for (int64_t devices = cluster.devices; devices % 2 == 0;) {
    devices /= 2;
    const auto fewer = search.on(devices);
    if (!fewer || fewer->misfit || fewer->device_hours > kWorthHalving * best->device_hours) {
      break;
    }
    best = fewer;
  }
  return *best;
}

}  // namespace rq::plan
