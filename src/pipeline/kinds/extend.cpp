#include "pipeline/kinds/extend.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "model/extend_context.h"
#include "model/hf_weights.h"
#include "pipeline/kinds/workload.h"
#include "pipeline/recipe.h"

namespace rq::pipeline {
namespace {

class ExtendProcess : public Process {
 public:
  using Settings = ExtendSettings;
  Settings settings;

  ConfigNode config() const override { return write_config(settings); }
  Thing makes() const override { return {ThingType::kModel, settings.makes}; }

  std::vector<Input> inputs() const override {
    std::vector<Input> inputs = settings.inputs();
    inputs.push_back({from(), "from"});
    if (!settings.needle.haystack.empty() && !settings.mixture.contains(settings.needle.haystack)) {
      inputs.push_back({{ThingType::kData, settings.needle.haystack}, "needle.haystack"});
    }
    return inputs;
  }

  std::optional<model::ModelConfig> model(const Recipe& recipe) const override {
    const auto before = recipe.model_config(settings.from);
    if (!before || !model::extension_problems(*before, settings.context, settings.rope).empty()) {
      return {};
    }
    return model::extended(*before, settings.context, settings.rope);
  }

  std::vector<std::string> problems(const Recipe& recipe) const override {
    std::optional<model::ModelConfig> before;
    try {
      before = recipe.model_config(settings.from);
    } catch (const Error& error) {
      return {fmt::format("model.{}: {}", settings.from, error.what())};
    }
    if (!before) {
      return {};  // what makes it has problems of its own
    }
    auto found = model::extension_problems(*before, settings.context, settings.rope);
    if (found.empty()) {
      found = training_problems(settings.train, *model(recipe), "model." + settings.makes);
    }
    for (auto& sentence : content_problems(
             recipe, names_of(settings.mixture), "mixture", data::Content::kDocuments)) {
      found.push_back(std::move(sentence));
    }
    for (auto& sentence : settings.needle.problems_with(recipe, settings.context)) {
      found.push_back(std::move(sentence));
    }
    return found;
  }

  std::optional<plan::Workload> workload(const Recipe& recipe) const override {
    return training_workload(settings.train, *model(recipe));
  }

  void run(Context& context) const override {
    const auto folder = context.place(from());
    const auto vocabulary = load_tokenizer(folder);
    model::Model model = model::load_model(folder);
    const NeedleProbe needle(settings.needle, vocabulary, context);
    needle.require_recall(model);
    model.config = model::extended(model.config, settings.context, settings.rope);
    const train::PretrainConfig config = resolved(settings.train, model.config);
    train_model(context,
                {.model = model,
                 .vocabulary = vocabulary,
                 .corpus = settings,
                 .config = config,
                 .probe = needle.every_so_many_steps(model)});
    write_model(context, model, folder);
  }

 private:
  Thing from() const { return {ThingType::kModel, settings.from}; }
};

}  // namespace

Kind extend_kind() {
  return kind_of<ExtendProcess>("extend");
}

}  // namespace rq::pipeline
