#include "report/costs.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "plan/device.h"

namespace rq::report {
namespace {

constexpr double kSecondsAnHour = 3600;

// Of an hour; 0 kilowatts: not known.
struct Rates {
  double dollars = 0, kilowatts = 0;
};

struct Sum {
  double hours = 0, wall_s = 0, tokens = 0, flops = 0;

  void add(const Step& step, double step_hours) {
    hours += step_hours;
    wall_s += step.wall_s;
    tokens += step.tokens;
    flops += step.flops;
  }
  Json as_json(double training_hours, const Rates& rates) const {
    return {{"hours", hours},
            {"share", training_hours > 0 ? Json(hours / training_hours) : Json()},
            {"dollars", hours * rates.dollars},
            {"kilowatt_hours", rates.kilowatts > 0 ? Json(hours * rates.kilowatts) : Json()},
            {"wall_s", wall_s},
            {"tokens", tokens},
            {"flops", flops}};
  }
};

// Table 1 of arXiv 2412.19437: H800 hours at 2 dollars each. It has no energy: that is our
// estimate.
Json published() {
  constexpr double kPretraining = 2'664'000, kExtension = 119'000, kPosttraining = 5'000;
  constexpr double kAll = kPretraining + kExtension + kPosttraining, kPrice = 2;
  const double kilowatts = plan::parse_cluster("h800", plan::known_devices()).device.kilowatts();
  Json rows = Json::array();
  const auto add = [&](std::string_view stage, double hours) {
    rows.push_back({{"stage", stage},
                    {"hours", hours},
                    {"share", hours / kAll},
                    {"dollars", kPrice * hours},
                    {"kilowatt_hours", kilowatts * hours}});
  };
  add(stage_name(Stage::kPretraining), kPretraining);
  add(stage_name(Stage::kExtension), kExtension);
  add(stage_name(Stage::kPosttraining), kPosttraining);
  add("total", kAll);
  return rows;
}

}  // namespace

std::string_view stage_name(Stage stage) {
  switch (stage) {
    case Stage::kData:
      return "data and tokenizer";
    case Stage::kPretraining:
      return "pre-training";
    case Stage::kExtension:
      return "context extension";
    case Stage::kPosttraining:
      return "post-training";
    case Stage::kEvaluation:
      return "evaluation";
  }
  return "";
}

Stage stage_of(std::string_view kind) {
  return kind == "data" || kind == "tokenizer" ? Stage::kData
         : kind == "pretrain"                  ? Stage::kPretraining
         : kind == "extend"                    ? Stage::kExtension
         : kind == "evaluation"                ? Stage::kEvaluation
                                               : Stage::kPosttraining;
}

void Prices::validate() const {
  check(device_hour >= 0, "the price of a device-hour, {}, must not be negative", device_hour);
  check(core_hour >= 0, "the price of a core-hour, {}, must not be negative", core_hour);
}

Json costs_of(const std::vector<Step>& steps, const Prices& prices, const Replaced& replaced) {
  const bool has_devices =
      std::ranges::any_of(steps, [](const Step& step) { return step.device_s > 0; });
  std::array<Sum, kStages.size()> sums;
  Sum total;
  for (const Step& step : steps) {
    const double hours = (has_devices ? step.device_s : step.core_s) / kSecondsAnHour;
    sums[static_cast<std::size_t>(stage_of(step.kind))].add(step, hours);
    total.add(step, hours);
  }
  const auto hours_of = [&](Stage stage) { return sums[static_cast<std::size_t>(stage)].hours; };
  const double training_hours = total.hours - hours_of(Stage::kData) - hours_of(Stage::kEvaluation);
  const Rates rates =
      has_devices ? Rates{prices.device_hour, prices.device_kilowatts} : Rates{prices.core_hour, 0};
  Json rows = Json::array();
  for (const Stage stage : kStages) {
    Json row = sums[static_cast<std::size_t>(stage)].as_json(training_hours, rates);
    row["stage"] = stage_name(stage);
    if (stage == Stage::kData || stage == Stage::kEvaluation) {
      row["share"] = Json();
    }
    rows.push_back(std::move(row));
  }
  const double gone = (has_devices ? replaced.device_s : replaced.core_s) / kSecondsAnHour;
  Json all = total.as_json(training_hours, rates);
  all["share"] = Json();
  return {{"unit", has_devices ? "device-hours" : "core-hours"},
          {"price", rates.dollars},
          {"stages", rows},
          {"training_hours", training_hours},
          {"total", all},
          {"replaced",
           {{"attempts", replaced.attempts},
            {"hours", gone},
            {"dollars", gone * rates.dollars},
            {"wall_s", replaced.wall_s}}},
          {"published", published()}};
}

}  // namespace rq::report
