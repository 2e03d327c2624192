#include "pipeline/kinds/needle_probe.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "base/signals.h"
#include "data/store.h"
#include "eval/needle.h"
#include "eval/needle_report.h"
#include "pipeline/recipe.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

double found(const eval::NeedleCell& cell) {
  return static_cast<double>(cell.hits_by_generation) / static_cast<double>(cell.trials);
}

double share_found(const eval::NeedleMap& map) {
  std::int64_t hits = 0, trials = 0;
  for (const eval::NeedleCell& cell : map.cells) {
    hits += cell.hits_by_generation;
    trials += cell.trials;
  }
  return static_cast<double>(hits) / static_cast<double>(std::max<std::int64_t>(trials, 1));
}

// A long test ends at once where a stop is requested: the step goes on from its checkpoint, and
// asks again.
void end_where_asked(std::int64_t /*done*/, std::int64_t /*total*/) {
  if (stop_requested()) {
    throw Interrupted();
  }
}

double worst_cell(const eval::NeedleMap& map) {
  double worst = 1;
  for (const eval::NeedleCell& cell : map.cells) {
    worst = std::min(worst, found(cell));
  }
  return worst;
}

}  // namespace

std::vector<std::string> NeedleSettings::problems() const {
  std::vector<std::string> sentences = test.problems();
  if (every < 0) {
    sentences.push_back(fmt::format("every={} must not be negative", every));
  }
  if (!(required_recall >= 0 && required_recall <= 1)) {
    sentences.push_back(fmt::format("required_recall={} must lie in [0, 1]", required_recall));
  }
  if (haystack.empty() && (every > 0 || required_recall > 0)) {
    sentences.emplace_back("haystack names no data box to hide the needles in");
  }
  return sentences;
}

std::vector<std::string> NeedleSettings::problems_with(const Recipe& recipe,
                                                       std::int64_t context) const {
  std::vector<std::string> sentences;
  for (const std::int64_t length : test.lengths) {
    if (length > context) {
      sentences.push_back(
          fmt::format("needle.lengths={} exceeds the context={} that is reached", length, context));
    }
  }
  const data::DataConfig* const box = haystack.empty() ? nullptr : recipe.data_config(haystack);
  if (box != nullptr && box->heldout == 0) {
    sentences.push_back(fmt::format(
        "needle.haystack={} holds no documents out (data.{}.heldout=0)", haystack, haystack));
  }
  return sentences;
}

NeedleProbe::NeedleProbe(const NeedleSettings& settings,
                         const tokenizer::Tokenizer& vocabulary,
                         const Context& context)
    : settings_(settings), vocabulary_(vocabulary), context_(context) {
  if (!settings.haystack.empty()) {
    const fs::path box = context.place({ThingType::kData, settings.haystack});
    haystack_ = fmt::format("{}", fmt::join(data::read_heldout(box), "\n\n"));
  }
}

void NeedleProbe::require_recall(const model::Model& model) const {
  const fs::path file = context_.work / "needle" / "before.json";
  if (settings_.required_recall == 0 || fs::exists(file)) {
    return;
  }
  eval::NeedleConfig config = settings_.test;
  config.lengths = {model.config.context};
  const eval::NeedleMap map = eval::probe(model, vocabulary_, haystack_, config, end_where_asked);
  context_.log(eval::describe(map));
  check(share_found(map) >= settings_.required_recall,
        "the model finds {:.0f} % of the needles at its {} tokens, less than "
        "needle.required_recall={}: train it longer, or on more recall documents, before its "
        "context is extended",
        100 * share_found(map),
        model.config.context,
        settings_.required_recall);
  fs::create_directories(file.parent_path());
  write_json(file, eval::to_json(map));
}

train::Probe NeedleProbe::every_so_many_steps(const model::Model& model) const {
  if (settings_.every == 0) {
    return {};
  }
  return [this, &model](std::int64_t step) -> std::vector<std::pair<std::string, double>> {
    if (step % settings_.every != 0) {
      return {};
    }
    const eval::NeedleMap map =
        eval::probe(model, vocabulary_, haystack_, settings_.test, end_where_asked);
    context_.log(fmt::format("step {}: {}", step, eval::describe(map)));
    const fs::path folder = context_.work / "needle";
    fs::create_directories(folder);
    write_json(folder / fmt::format("{:06}.json", step), eval::to_json(map));
    return {{"needle", share_found(map)}, {"needle_worst_cell", worst_cell(map)}};
  };
}

}  // namespace rq::pipeline
