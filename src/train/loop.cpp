#include "train/loop.h"

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

namespace rq::train {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<checkpoint::NamedTensor> named(Trainer& trainer, Steps& steps) {
  std::vector<checkpoint::NamedTensor> tensors;
  for (auto& [name, tensor] : trainer.tensors()) {
    tensors.push_back({name, tensor});
  }
  for (auto& [name, tensor] : steps.tensors()) {
    tensors.push_back({"steps." + name, tensor});
  }
  return tensors;
}

void save(const TrainingConfig& config,
          const Workplace& workplace,
          Trainer& trainer,
          Steps& steps) {
  checkpoint::save(workplace.folder / "checkpoints",
                   trainer.steps(),
                   named(trainer, steps),
                   {{"trainer", trainer.state()}, {"steps", steps.state()}},
                   static_cast<int>(config.checkpoints_kept));
}

// Goes on from the newest sound checkpoint, where there is one.
void resume(const Workplace& workplace, Trainer& trainer, Steps& steps) {
  const auto loaded = checkpoint::load_latest(workplace.folder / "checkpoints");
  if (!loaded) {
    return;
  }
  for (const std::string& warning : loaded->warnings) {
    workplace.log(warning);
  }
  checkpoint::copy_into(*loaded, named(trainer, steps));
  trainer.restore(loaded->state.at("trainer"));
  steps.restore(loaded->state.at("steps"));
  workplace.log(fmt::format("continuing after step {} ({} tokens)",
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
  Reporter(const Workplace& workplace, const Trainer& trainer, const Steps::Way& way)
      : metrics_(workplace.folder, trainer.steps()),
        bar_(workplace.folder.filename().string(), way.all, std::string(way.unit)),
        probe_(workplace.probe),
        limit_flops_per_s_(kernels::measure_matmul_flops_per_s()),
        last_(Clock::now()) {
    bar_.resume_at(way.done);
  }

  void report(const Trainer& trainer, const StepDone& done, const Steps::Way& way) {
    const auto now = Clock::now();
    const double seconds =
        std::max(std::chrono::duration<double>(now - std::exchange(last_, now)).count(), 1e-9);
    const StepReport& step = done.report;
    const double share = done.flops / seconds / limit_flops_per_s_;
    Scalars scalars{{"tokens", static_cast<double>(trainer.tokens())},
                    {"loss", step.next_token},
                    {"mtp_loss", step.mtp},
                    {"balance_loss", step.balance},
                    {"gradient_norm", step.gradient_norm},
                    {"learning_rate", step.learning_rate},
                    {"tokens_per_s", static_cast<double>(done.tokens) / seconds},
                    {"share_of_limit", share}};
    scalars.insert(scalars.end(), done.scalars.begin(), done.scalars.end());
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
    bar_.update(
        way.done,
        fmt::format("step {} | {} | {:.0f}% of this machine's limit",
                    trainer.steps(),
                    done.note.empty() ? fmt::format("loss {:.3f}", step.next_token) : done.note,
                    100 * share));
  }

 private:
  Metrics metrics_;
  Progress bar_;
  Probe probe_;
  double limit_flops_per_s_;
  Clock::time_point last_;
};

void check_skipped(const Trainer& trainer, const StepReport& report, const TrainingConfig& config) {
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

void run_loop(const TrainingConfig& config,
              Trainer& trainer,
              Steps& steps,
              const Workplace& workplace) {
  resume(workplace, trainer, steps);
  Reporter reporter(workplace, trainer, steps.way(trainer));
  for (Steps::Way way = steps.way(trainer); way.done < way.all;) {
    const int64_t before = trainer.steps();
    StepDone done;
    try {
      done = steps.next(trainer);
    } catch (const Interrupted&) {
      save(config, workplace, trainer, steps);
      throw;
    }
    way = steps.way(trainer);
    workplace.on_step(done.tokens, done.flops);
    reporter.report(trainer, done, way);
    check_skipped(trainer, done.report, config);
    const bool is_stopping = stop_requested();
    const bool is_due =
        trainer.steps() / config.checkpoint_every > before / config.checkpoint_every;
    if (is_stopping || is_due || way.done >= way.all) {
      save(config, workplace, trainer, steps);
    }
    if (is_stopping) {
      throw Interrupted();
    }
  }
  trainer.adopt_average_();
}

}  // namespace rq::train
