#include "train/sft.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "base/require.h"

namespace rq::train {
namespace {

using Batch = std::vector<const data::Sample*>;

int64_t length_of(const data::Sample& sample) {
  return static_cast<int64_t>(sample.tokens.size());
}

class SampleSteps : public Steps {
 public:
  explicit SampleSteps(const SftJob& job) : job_(job) {}

  Way way(const Trainer&) const override {
    return {job_.loader.taken(), job_.loader.tokens(), "tokens"};
  }

  StepDone next(Trainer& trainer) override {
    const Batch batch = job_.loader.next(job_.config.step_tokens);
    StepDone done;
    int64_t answers = 0;
    std::vector<int64_t> lengths;
    for (const data::Sample* const sample : batch) {
      lengths.push_back(length_of(*sample));
      done.tokens += lengths.back();
      answers += std::ranges::count(sample->is_answer, true);
    }
    std::vector<Piece> pieces;
    for (const auto& [first, count] : cut(lengths, job_.config.piece_tokens)) {
      const Batch part(batch.begin() + first, batch.begin() + first + count);
      pieces.emplace_back([this, part, answers, all = done.tokens](const LossWeights& weights) {
        Samples samples = pack(part, 1.0 / static_cast<double>(answers));
        samples.share = static_cast<double>(samples.tokens.size(0)) / static_cast<double>(all);
        return sample_losses(job_.model, samples, weights, job_.config.recompute);
      });
    }
    done.report = trainer.step(done.tokens, pieces);
    done.flops = static_cast<double>(done.tokens) * job_.flops_per_token;
    done.scalars = {{"samples", static_cast<double>(batch.size())},
                    {"answer_tokens", static_cast<double>(answers)}};
    return done;
  }

  Json state() const override { return job_.loader.state(); }
  void restore(const Json& state) override { job_.loader.restore(state); }

 private:
  const SftJob& job_;
};

}  // namespace

std::vector<std::string> SftConfig::problems() const {
  Requirements all;
  all.require_positive("epochs", epochs);
  all.require_positive("step_tokens", step_tokens);
  all.require(piece_tokens >= 0, "piece_tokens={} must not be negative", piece_tokens);
  all.require(learning_rate.decayed <= learning_rate.peak,
              "learning_rate.decayed={} exceeds peak={}",
              learning_rate.decayed,
              learning_rate.peak);
  std::vector<std::string> found = all.take();
  const std::vector<std::string> others = TrainingConfig::problems();
  found.insert(found.end(), others.begin(), others.end());
  return found;
}

Samples pack(const std::vector<const data::Sample*>& samples, double weight) {
  std::vector<int32_t> tokens;
  std::vector<float> weights;
  Samples packed;
  for (const data::Sample* const sample : samples) {
    tokens.insert(tokens.end(), sample->tokens.begin(), sample->tokens.end());
    for (const bool is_answer : sample->is_answer) {
      weights.push_back(is_answer ? static_cast<float>(weight) : 0.0F);
    }
    packed.lengths.push_back(length_of(*sample));
  }
  packed.tokens = at::tensor(tokens, at::kInt).to(at::kLong);
  packed.weights = at::tensor(weights, at::kFloat);
  return packed;
}

void fine_tune(SftJob job) {
  optim::LearningRateSchedule& rate = job.config.learning_rate;
  if (rate.decayed_at == 0) {
    rate.decayed_at = job.loader.tokens();
    rate.constant_until = std::max(rate.constant_until, rate.warmup_tokens);
  }
  Trainer trainer(job.model, job.config);
  SampleSteps steps(job);
  run_loop(job.config, trainer, steps, job.workplace);
}

}  // namespace rq::train
