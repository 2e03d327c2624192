#include "pipeline/kinds/pretrain.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "model/model.h"
#include "pipeline/kinds/tokenizer.h"
#include "pipeline/kinds/workload.h"
#include "pipeline/recipe.h"

namespace rq::pipeline {
namespace {

class PretrainProcess : public Process {
 public:
  using Settings = PretrainSettings;
  Settings settings;

  ConfigNode config() const override { return write_config(settings); }
  Thing makes() const override { return {ThingType::kModel, settings.makes}; }

  std::vector<Input> inputs() const override {
    std::vector<Input> inputs = settings.inputs();
    inputs.push_back({{ThingType::kArchitecture, settings.architecture}, "architecture"});
    inputs.push_back({tokenizer(), "tokenizer"});
    return inputs;
  }

  std::optional<model::ModelConfig> model(const Recipe& recipe) const override {
    for (const auto& box : recipe.architectures) {
      if (box.name == settings.architecture) {
        return box.value;
      }
    }
    return {};
  }

  std::vector<std::string> problems(const Recipe& recipe) const override {
    const model::ModelConfig& shape = recipe.architecture(settings.architecture);
    auto found = training_problems(settings.train, shape, "architecture." + settings.architecture);
    for (auto& sentence : content_problems(
             recipe, names_of(settings.mixture), "mixture", data::Content::kDocuments)) {
      found.push_back(std::move(sentence));
    }
    try {
      const auto ids = most_ids(recipe, settings.tokenizer);
      if (ids && *ids > shape.vocab_size) {
        found.push_back(
            fmt::format("tokenizer.{}: vocab_size={} exceeds architecture.{}.vocab_size={}",
                        settings.tokenizer,
                        *ids,
                        settings.architecture,
                        shape.vocab_size));
      }
    } catch (const Error& error) {
      found.push_back(fmt::format("tokenizer.{}: {}", settings.tokenizer, error.what()));
    }
    return found;
  }

  std::optional<plan::Workload> workload(const Recipe& recipe) const override {
    return training_workload(settings.train, *model(recipe));
  }

  void run(Context& context) const override {
    const auto vocabulary = load_tokenizer(context.place(tokenizer()));
    const model::ModelConfig& shape = context.recipe.architecture(settings.architecture);
    check(vocabulary.vocab_size() <= shape.vocab_size,
          "tokenizer.{} has {} ids, more than architecture.{}.vocab_size={}",
          settings.tokenizer,
          vocabulary.vocab_size(),
          settings.architecture,
          shape.vocab_size);
    model::Model model = model::make_model(shape);
    model::initialize_(model, context.seed);
    train_model(context,
                {.model = model,
                 .vocabulary = vocabulary,
                 .corpus = settings,
                 .config = resolved(settings.train, shape)});
    write_model(context, model, vocabulary);
  }

 private:
  Thing tokenizer() const { return {ThingType::kTokenizer, settings.tokenizer}; }
};

}  // namespace

Kind pretrain_kind() {
  return kind_of<PretrainProcess>("pretrain");
}

}  // namespace rq::pipeline
