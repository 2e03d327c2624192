#include "train/pretrain.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "base/progress.h"
#include "base/signals.h"
#include "checkpoint/checkpoint.h"
#include "kernels/machine_limit.h"
#include "train/metrics.h"
#include "train/trainer.h"

namespace rq::train {
namespace {

using Clock = std::chrono::steady_clock;

Tensor to_rows(const data::Batch& batch) {
  return at::tensor(batch.tokens, at::kInt).view({batch.rows, batch.columns}).to(at::kLong);
}

std::vector<checkpoint::NamedTensor> named(Trainer& trainer) {
  std::vector<checkpoint::NamedTensor> tensors;
  for (auto& [name, tensor] : trainer.tensors()) {
    tensors.push_back({name, tensor});
  }
  return tensors;
}

void save(const PretrainJob& job, Trainer& trainer) {
  const Json state{{"trainer", trainer.state()}, {"loader", job.loader.state()}};
  checkpoint::save(job.work / "checkpoints",
                   trainer.steps(),
                   named(trainer),
                   state,
                   static_cast<int>(job.config.checkpoints_kept));
}

// Goes on from the newest sound checkpoint, where there is one.
void resume(const PretrainJob& job, Trainer& trainer) {
  const auto loaded = checkpoint::load_latest(job.work / "checkpoints");
  if (!loaded) {
    return;
  }
  for (const std::string& warning : loaded->warnings) {
    job.log(warning);
  }
  checkpoint::copy_into(*loaded, named(trainer));
  trainer.restore(loaded->state.at("trainer"));
  job.loader.restore(loaded->state.at("loader"));
  job.log(fmt::format("continuing after step {} ({} tokens)",
                      trainer.steps(),
                      format_count(static_cast<double>(trainer.tokens()))));
}

// The largest load of an expert over the mean load, by block: 1 is perfect balance.
Json load_ratios(const std::vector<Tensor>& loads) {
  Json ratios = Json::array();
  for (const Tensor& load : loads) {
    const Tensor wide = load.to(at::kDouble);
    ratios.push_back(std::round((wide.max() / wide.mean()).item<double>() * 1000) / 1000);
  }
  return ratios;
}

Json load_counts(const std::vector<Tensor>& loads) {
  Json counts = Json::array();
  for (const Tensor& load : loads) {
    counts.push_back(to_vector<int64_t>(load));
  }
  return counts;
}

// Draws the bar and writes the metrics of each step.
class Reporter {
 public:
  Reporter(const PretrainJob& job, const Trainer& trainer)
      : metrics_(job.work, trainer.steps()),
        bar_(job.work.filename().string(), job.config.tokens, "tokens"),
        probe_(job.probe),
        flops_per_token_(job.flops_per_token),
        limit_flops_per_s_(kernels::measure_matmul_flops_per_s()),
        last_(Clock::now()) {
    bar_.resume_at(trainer.tokens());
  }

  void report(const Trainer& trainer, const StepReport& step, int64_t step_tokens) {
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - std::exchange(last_, now)).count();
    const double rate = static_cast<double>(step_tokens) / std::max(seconds, 1e-9);
    const double share = rate * flops_per_token_ / limit_flops_per_s_;
    Scalars scalars{{"tokens", static_cast<double>(trainer.tokens())},
                    {"loss", step.next_token},
                    {"mtp_loss", step.mtp},
                    {"balance_loss", step.balance},
                    {"gradient_norm", step.gradient_norm},
                    {"learning_rate", step.learning_rate},
                    {"tokens_per_s", rate},
                    {"share_of_limit", share}};
    if (probe_) {
      const Scalars probed = probe_(trainer.steps());
      scalars.insert(scalars.end(), probed.begin(), probed.end());
      last_ = Clock::now();  // the next step's time is its own
    }
    metrics_.write(trainer.steps(),
                   scalars,
                   {{"skipped", step.is_skipped},
                    {"load_ratio", load_ratios(step.loads)},
                    {"expert_load", load_counts(step.loads)}});
    bar_.update(trainer.tokens(),
                fmt::format("step {} | loss {:.3f} | {:.0f}% of this machine's limit",
                            trainer.steps(),
                            step.next_token,
                            100 * share));
  }

 private:
  Metrics metrics_;
  Progress bar_;
  Probe probe_;
  double flops_per_token_, limit_flops_per_s_;
  Clock::time_point last_;
};

void check_skipped(const Trainer& trainer, const StepReport& report, const PretrainConfig& config) {
  if (trainer.skipped_steps() > config.skipped_steps_limit) {
    throw MachineError(
        fmt::format("step {}: {} steps were skipped (loss {}, gradient norm {}), more than "
                    "skipped_steps_limit={}; lower the learning rate",
                    trainer.steps(),
                    trainer.skipped_steps(),
                    report.next_token,
                    report.gradient_norm,
                    config.skipped_steps_limit));
  }
}

}  // namespace

std::vector<std::string> PretrainConfig::problems() const {
  std::vector<std::string> found;
  const auto require = [&](bool ok, std::string sentence) {
    if (!ok) {
      found.push_back(std::move(sentence));
    }
  };
  require(sequence_length >= 0,
          fmt::format("sequence_length={} must not be negative", sequence_length));
  require(tokens >= 0 && steps >= 0 && (tokens > 0) != (steps > 0),
          fmt::format("tokens={} and steps={}: exactly one of them is given", tokens, steps));
  require(steps == 0 || batch.first == 0,
          fmt::format("steps={} needs a batch that does not grow; give tokens instead", steps));
  require(micro_batch >= 0, fmt::format("micro_batch={} must not be negative", micro_batch));
  require(ema_decay >= 0 && ema_decay < 1,
          fmt::format("ema_decay={} must lie in [0, 1)", ema_decay));
  require(checkpoint_every >= 1,
          fmt::format("checkpoint_every={} must be at least 1", checkpoint_every));
  require(checkpoints_kept >= 2,
          fmt::format("checkpoints_kept={} must be at least 2", checkpoints_kept));
  require(mtp_weight.first >= 0 && balance_weight >= 0,
          fmt::format("mtp_weight={} and balance_weight={} must not be negative",
                      mtp_weight.first,
                      balance_weight));
  return found;
}

void pretrain(PretrainJob& job) {
  Trainer trainer(job.model, job.config);
  resume(job, trainer);
  Reporter reporter(job, trainer);
  while (trainer.tokens() < job.config.tokens) {
    const int64_t rows = trainer.next_batch(), step_tokens = rows * job.config.sequence_length;
    const StepReport report = trainer.step(to_rows(job.loader.next(rows)));
    job.on_step(step_tokens, static_cast<double>(step_tokens) * job.flops_per_token);
    reporter.report(trainer, report, step_tokens);
    check_skipped(trainer, report, job.config);
    const bool is_stopping = stop_requested();
    if (is_stopping || trainer.steps() % job.config.checkpoint_every == 0 ||
        trainer.tokens() >= job.config.tokens) {
      save(job, trainer);
    }
    if (is_stopping) {
      throw Interrupted();
    }
  }
  trainer.adopt_average_();
}

}  // namespace rq::train
