#include "plan/timing.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "plan/flops.h"

namespace rq::plan {
namespace {

// Of the way forward, by what it runs on.
struct Products {
  double narrow = 0, wide = 0, scores = 0;
  double blocks_narrow = 0, blocks_wide = 0;  // of these, what stands in blocks
  double expansions = 0;                      // MLA's up-projections
};

Products products_of(const Workload& work) {
  const FlopsByPart parts = forward_flops_by_part(work.shape, work.row_tokens);
  Products products{.narrow = parts.projections + parts.dense + parts.experts + parts.shared,
                    .wide = parts.router + parts.head,
                    .scores = parts.scores,
                    .blocks_narrow = 0,
                    .blocks_wide = parts.router,
                    .expansions = 0};
  auto blocks = static_cast<double>(work.shape.layers);
  if (work.has_prediction) {
    products.narrow += parts.prediction;
    products.wide += parts.prediction_head;
    products.scores += parts.prediction_scores;
    blocks += static_cast<double>(work.shape.mtp_layers);
  }
  products.blocks_narrow = products.narrow;
  const model::AttentionConfig& attention = work.shape.attention;
  if (attention.kind == model::AttentionKind::kMla) {
    const int64_t up =
        attention.heads * (attention.query_rank * attention.key_width() +
                           attention.kv_rank * (attention.nope_width + attention.value_width));
    products.expansions = 2 * blocks * static_cast<double>(up);
  }
  return products;
}

constexpr double kScoresBack = 2.5;

}  // namespace

PassSeconds pass_seconds(const Workload& work, const Device& device, double efficiency) {
  const Products products = products_of(work);
  const double narrow = 1 / (efficiency * device.matrix_flops_per_s()),
               wide = 1 / (efficiency * device.wide_flops_per_s());
  const double matrices = products.narrow * narrow + products.wide * wide;
  PassSeconds seconds{.forward = matrices + products.scores * wide,
                      .inputs = matrices + kScoresBack * products.scores * wide,
                      .weights = matrices};
  if (work.recompute == Recompute::kNorms) {
    seconds.inputs += products.expansions * narrow;
  } else if (work.recompute == Recompute::kLayer) {
    seconds.inputs +=
        products.blocks_narrow * narrow + (products.blocks_wide + products.scores) * wide;
  }
  return seconds;
}

double executed_flops(const Workload& work) {
  const Products products = products_of(work);
  double sum = 3 * (products.narrow + products.wide) + (1 + kScoresBack) * products.scores;
  if (work.recompute == Recompute::kNorms) {
    sum += products.expansions;
  } else if (work.recompute == Recompute::kLayer) {
    sum += products.blocks_narrow + products.blocks_wide + products.scores;
  }
  return sum;
}

double micro_batch_of(const Workload& work, bool is_one_device, double rows) {
  if (work.micro_batch > 0) {
    return std::min(work.micro_batch, rows);
  }
  return is_one_device ? rows : 1;
}

double micro_batches(const Mesh& mesh, double rows, double micro_batch) {
  return std::max(std::ceil(rows / static_cast<double>(mesh.data) / micro_batch), 1.0);
}

StepSeconds step_seconds(const Workload& work,
                         const Mesh& mesh,
                         const Machine& machine,
                         double rows) {
  const double micro_batch = micro_batch_of(work, mesh.devices() == 1, rows),
               count = micro_batches(mesh, rows, micro_batch),
               stages = static_cast<double>(mesh.pipeline);
  const PassSeconds token = pass_seconds(work, machine.device, machine.efficiency.training);
  const double tokens = micro_batch * work.row_tokens / static_cast<double>(mesh.context);
  const Traffic traffic = step_traffic(work, mesh, machine.device, machine.formats, rows);
  const LinkSeconds links = link_seconds(traffic, mesh, machine.device);
  StepSeconds step{.work = count * tokens * token.total() / stages};
  // Links run beside products: a micro-batch takes as long as the longer of the two.
  const double stretched = std::max(step.work, links.beside) / step.work;
  const double scale = tokens / stages * stretched;
  const double forward = token.forward * scale, inputs = token.inputs * scale,
               weights = token.weights * scale, back = inputs + weights;
  // DeepSeek-V3, table 2.
  step.bubble = mesh.schedule == Schedule::kDualPipe
                    ? (stages / 2 - 1) * (forward + back + back - 3 * weights)
                    : (stages - 1) * (forward + back);
  step.links = step.work * (stretched - 1) + links.after;
  return step;
}

}  // namespace rq::plan
