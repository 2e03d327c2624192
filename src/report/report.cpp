#include "report/report.h"

#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "base/json.h"
#include "report/flow_svg.h"
#include "report/internal/boxes.h"
#include "report/internal/curves.h"
#include "report/internal/lines.h"
#include "report/internal/measurements.h"
#include "report/internal/samples.h"

namespace rq::report {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPlotPoints = 400;  // of a curve, up to twice as many
constexpr std::size_t kLogLines = 40;     // of each process
constexpr std::size_t kSampleQuestions = 12;

// A file of the run as a link, where it is there.
void add_file(const Run& run, Json& files, std::string_view name, const std::string& path) {
  std::error_code ignored;
  if (fs::exists(run.folder / path, ignored)) {
    files.push_back({{"name", name}, {"path", path}});
  }
}

Json files_of(const Run& run, const Step& step) {
  const std::string work = "work/" + step.work_folder;
  Json files = Json::array();
  for (const std::string_view name : {"metrics.jsonl", "rollouts.jsonl", "answers.jsonl", "log"}) {
    add_file(run, files, name, fmt::format("{}/{}", work, name));
  }
  add_file(run, files, "settings and inputs", work + "/begun.json");
  add_file(run, files, step.place, step.place);
  return files;
}

Json as_json(const Run& run, const Step& step, std::vector<std::string>& missing) {
  const fs::path work = run.folder / "work" / step.work_folder;
  Json json = {{"id", step.id},
               {"name", step.id.substr(step.id.find('.') + 1)},
               {"kind", step.kind},
               {"stage", stage_name(stage_of(step.kind))},
               {"state", state_name(step.state)},
               {"share", step.share()},
               {"place", step.place},
               {"attempts", step.attempts},
               {"wall_s", step.wall_s},
               {"core_s", step.core_s},
               {"device_s", step.device_s},
               {"tokens", step.tokens},
               {"expected_tokens", step.expected_tokens},
               {"flops", step.flops},
               {"peak_memory_bytes", step.peak_memory_bytes},
               {"files", files_of(run, step)},
               {"log", tail(work / "log", kLogLines)}};
  json["curves"] = curves_of(work / "metrics.jsonl", kPlotPoints);
  const bool is_training = step.kind == "pretrain" || step.kind == "extend" || step.kind == "sft" ||
                           step.kind == "reward-model" || step.kind == "rl";
  if (is_training && json["curves"].is_null() && step.state != State::kWaiting) {
    missing.push_back(fmt::format(
        "work/{}/metrics.jsonl has no step: there are no curves of {}", step.work_folder, step.id));
  } else if (!json["curves"].is_null() && json["curves"]["unreadable"] > 0) {
    missing.push_back(fmt::format("work/{}/metrics.jsonl has {} lines that cannot be read",
                                  step.work_folder,
                                  json["curves"]["unreadable"].get<int>()));
  }
  return json;
}

// What `read` gives; where it throws, null and a sentence.
Json guarded(std::vector<std::string>& missing,
             std::string_view what,
             const std::function<Json()>& read) {
  try {
    return read();
  } catch (const std::exception& error) {
    missing.push_back(fmt::format("{} cannot be shown: {}", what, error.what()));
    return {};
  }
}

Json recipe_text(const Run& run, std::vector<std::string>& missing) {
  const fs::path path = run.folder / "recipe.toml";
  if (!fs::exists(path)) {
    missing.emplace_back(
        "recipe.toml is not there: the recipe cannot be shown, nor the run made anew");
    return {};
  }
  return read_file(path);
}

Json environment_of(const Run& run, std::vector<std::string>& missing) {
  auto environment = read_if_there(run.folder / "work" / "environment.json");
  if (!environment) {
    missing.emplace_back(
        "work/environment.json is not there: machine, versions and the command are not known");
    return {};
  }
  return *environment;
}

}  // namespace

Json report_of(const Run& run, const ReportConfig& config) {
  std::vector<std::string> missing = run.missing;
  Json steps = Json::array();
  for (const Step& step : run.steps) {
    steps.push_back(guarded(missing, step.id, [&] { return as_json(run, step, missing); }));
  }
  std::erase_if(steps.get_ref<Json::array_t&>(), [](const Json& step) { return step.is_null(); });
  Json report = {{"name", run.name},
                 {"seed", run.seed},
                 {"folder", run.folder.filename().string()},
                 {"links", config.links},
                 {"is_going_on", run.is_going_on},
                 {"steps", std::move(steps)},
                 {"costs", costs_of(run.steps, config.prices, run.replaced)}};
  report["flow"] = run.flow.boxes.empty()
                       ? Json()
                       : guarded(missing, "the flow", [&] { return Json(flow_svg(run.flow)); });
  report["measurements"] =
      guarded(missing, "what was measured", [&] { return measurements_of(run.folder, missing); });
  report["samples"] =
      guarded(missing, "answers", [&] { return samples_of(run, kSampleQuestions); });
  report["data"] = guarded(missing, "the data", [&] { return data_of(run, missing); });
  report["models"] = guarded(missing, "the models", [&] { return models_of(run, missing); });
  report["recipe"] = guarded(missing, "the recipe", [&] { return recipe_text(run, missing); });
  report["environment"] =
      guarded(missing, "the environment", [&] { return environment_of(run, missing); });
  report["missing"] = missing;
  return report;
}

}  // namespace rq::report
