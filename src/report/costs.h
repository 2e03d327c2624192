#pragma once
// What a run cost, stage by stage, in the form of the first table of DeepSeek-V3's report: hours,
// share and money for pre-training, the extension of the context, and post-training.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "report/run.h"

namespace rq::report {

// The paper counts neither the work on data nor evaluation.
enum class Stage { kData, kPretraining, kExtension, kPosttraining, kEvaluation };
inline constexpr std::array kStages = {
    Stage::kData, Stage::kPretraining, Stage::kExtension, Stage::kPosttraining, Stage::kEvaluation};
std::string_view stage_name(Stage stage);
// Of a process of this kind; whatever is not known to be another stage's is post-training's.
Stage stage_of(std::string_view kind);

struct Prices {
  double device_hour = 2;       // dollars; the paper's assumption for an H800
  double core_hour = 0.05;      // dollars; about what clouds ask for a core
  double device_kilowatts = 0;  // of an accelerator with its share of the node; 0: not known

  void validate() const;
};

// {"unit": "core-hours" or "device-hours", "price": of one, "stages": [{"stage", "hours", "share",
// "dollars", "kilowatt_hours", "wall_s", "tokens", "flops"}], "training_hours", "total": the same
// without a stage, "published": [{"stage", "hours", "share", "dollars", "kilowatt_hours"}]:
// DeepSeek-V3's own, "replaced":
// {"attempts", "hours", "dollars", "wall_s"}, which no other number holds}. Hours are those of
// accelerators where any were held, else of cores. Shares are of the training stages together, as
// in the paper; data, evaluation and the total have none. Energy is an estimate,
// hours at the power that devices are stated to take at most (plan/devices.toml); null where that
// is not known, as of cores.
Json costs_of(const std::vector<Step>& steps, const Prices& prices, const Replaced& replaced = {});

}  // namespace rq::report
