#include "train/pretrain.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "base/require.h"
#include "train/objective.h"

namespace rq::train {
namespace {

class RowSteps : public Steps {
 public:
  explicit RowSteps(const PretrainJob& job) : job_(job) {}

  Way way(const Trainer& trainer) const override {
    return {trainer.tokens(), job_.config.tokens, "tokens"};
  }

  StepDone next(Trainer& trainer) override {
    const data::Batch batch = job_.loader.next(next_batch(trainer.tokens()));
    const Tensor rows =
        at::tensor(batch.tokens, at::kInt).view({batch.rows, batch.columns}).to(at::kLong);
    StepDone done{.report = train_on_rows(trainer, job_.model, job_.config, rows),
                  .tokens = batch.rows * job_.config.sequence_length};
    done.flops = static_cast<double>(done.tokens) * job_.flops_per_token;
    return done;
  }

  Json state() const override { return job_.loader.state(); }
  void restore(const Json& state) override { job_.loader.restore(state); }

 private:
  // Rows of the next step: by the batch ramp, and no more than are left.
  int64_t next_batch(int64_t tokens) const {
    const int64_t length = job_.config.sequence_length,
                  rows_left = (job_.config.tokens - tokens + length - 1) / length;
    return std::min(job_.config.batch.at(tokens), std::max<int64_t>(rows_left, 1));
  }

  const PretrainJob& job_;
};

}  // namespace

std::vector<std::string> PretrainConfig::problems() const {
  Requirements all;
  all.require(sequence_length >= 0, "sequence_length={} must not be negative", sequence_length);
  all.require(tokens >= 0 && steps >= 0 && (tokens > 0) != (steps > 0),
              "tokens={} and steps={}: exactly one of them is given",
              tokens,
              steps);
  all.require(steps == 0 || batch.first == 0,
              "steps={} needs a batch that does not grow; give tokens instead",
              steps);
  all.require(micro_batch >= 0, "micro_batch={} must not be negative", micro_batch);
  std::vector<std::string> found = all.take();
  const std::vector<std::string> others = TrainingConfig::problems();
  found.insert(found.end(), others.begin(), others.end());
  return found;
}

StepReport train_on_rows(Trainer& trainer,
                         const model::Model& model,
                         const PretrainConfig& config,
                         const Tensor& rows) {
  const int64_t count = rows.size(0),
                at_once = config.micro_batch == 0 ? count : config.micro_batch;
  std::vector<Piece> pieces;
  for (int64_t first = 0; first < count; first += at_once) {
    const int64_t size = std::min(at_once, count - first);
    pieces.emplace_back([&, first, size](const LossWeights& weights) {
      return scaled(
          pretraining_losses(model, rows.narrow(0, first, size), weights, config.recompute),
          static_cast<double>(size) / static_cast<double>(count));
    });
  }
  return trainer.step(count * config.sequence_length, pieces);
}

void pretrain(const PretrainJob& job) {
  Trainer trainer(job.model, job.config);
  RowSteps steps(job);
  run_loop(job.config, trainer, steps, job.workplace);
}

}  // namespace rq::train
