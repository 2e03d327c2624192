#include "train/reward_model.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "base/require.h"
#include "train/objective.h"

namespace rq::train {
namespace {

// Pairs one after the other, each sequence on its own.
Samples pack_pairs(const std::vector<const data::Sample*>& pairs) {
  std::vector<int32_t> tokens;
  Samples packed;
  for (const data::Sample* const pair : pairs) {
    tokens.insert(tokens.end(), pair->tokens.begin(), pair->tokens.end());
    const auto end_of_first = std::ranges::find(pair->is_answer, true) + 1;
    packed.lengths.push_back(end_of_first - pair->is_answer.begin());
    packed.lengths.push_back(pair->is_answer.end() - end_of_first);
  }
  packed.tokens = at::tensor(tokens, at::kInt).to(at::kLong);
  return packed;
}

class PairSteps : public Steps {
 public:
  explicit PairSteps(const RewardModelJob& job) : job_(job) {}

  Way way(const Trainer&) const override {
    return {job_.loader.taken(), job_.loader.tokens(), "tokens"};
  }

  StepDone next(Trainer& trainer) override {
    const auto pairs = job_.loader.next(job_.config.step_tokens);
    const Samples samples = pack_pairs(pairs);
    int64_t right = 0;
    StepDone done;
    done.tokens = samples.tokens.size(0);
    done.report = trainer.step(done.tokens, {[&](const LossWeights& weights) {
                                 return preference_losses(
                                     job_.model, samples, weights, job_.config.recompute, right);
                               }});
    const auto count = static_cast<double>(pairs.size());
    const double share = static_cast<double>(right) / count;
    done.flops = static_cast<double>(done.tokens) * job_.flops_per_token;
    done.scalars = {{"pairs", count}, {"right_order", share}};
    done.note =
        fmt::format("loss {:.3f}, {:.0f}% in the right order", done.report.next_token, 100 * share);
    return done;
  }

  Json state() const override { return job_.loader.state(); }
  void restore(const Json& state) override { job_.loader.restore(state); }

 private:
  const RewardModelJob& job_;
};

}  // namespace

std::vector<std::string> RewardModelConfig::problems() const {
  Requirements all;
  all.require_positive("epochs", epochs);
  all.require_positive("step_tokens", step_tokens);
  std::vector<std::string> found = all.take();
  const std::vector<std::string> others = TrainingConfig::problems();
  found.insert(found.end(), others.begin(), others.end());
  return found;
}

double worth_of(const model::Model& model, const data::Sample& sample) {
  const at::NoGradGuard no_grad;
  Samples samples;
  samples.tokens = at::tensor(sample.tokens, at::kInt).to(at::kLong);
  samples.lengths = {samples.tokens.size(0)};
  return scores_of(model, samples).item<double>();
}

int64_t pairs_in_order(const model::Model& model, const std::vector<data::Sample>& pairs) {
  const at::NoGradGuard no_grad;
  int64_t right = 0;
  for (const data::Sample& pair : pairs) {
    const Tensor scores = scores_of(model, pack_pairs({&pair}));
    right += scores[0].item<float>() > scores[1].item<float>() ? 1 : 0;
  }
  return right;
}

void fit_reward_model(RewardModelJob job) {
  optim::LearningRateSchedule& rate = job.config.learning_rate;
  if (rate.decayed_at == 0) {
    rate.decayed_at = job.loader.tokens();
    rate.constant_until = std::max(rate.constant_until, rate.warmup_tokens);
  }
  if (!job.model.score.defined()) {
    job.model.score = at::zeros({1, job.model.config.width}, job.model.norm.options());
  }
  Trainer trainer(job.model, job.config);
  PairSteps steps(job);
  run_loop(job.config, trainer, steps, job.workplace);
}

}  // namespace rq::train
