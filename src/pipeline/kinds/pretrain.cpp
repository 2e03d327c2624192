#include "pipeline/kinds/pretrain.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "data/loader.h"
#include "data/tokenize.h"
#include "model/hf_weights.h"
#include "model/model.h"
#include "pipeline/process.h"
#include "pipeline/recipe.h"
#include "plan/flops.h"
#include "tokenizer/folder.h"
#include "tokenizer/special_tokens.h"
#include "tokenizer/tokenizer.h"
#include "train/objective.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

tokenizer::Tokenizer load_tokenizer(const fs::path& place) {
  return tokenizer::Tokenizer::load(fs::is_directory(place) ? place / "tokenizer.json" : place);
}

class PretrainProcess : public Process {
 public:
  using Settings = PretrainSettings;
  Settings settings;

  ConfigNode config() const override { return write_config(settings); }
  Thing makes() const override { return {ThingType::kModel, settings.makes}; }

  std::vector<Input> inputs() const override {
    std::vector<Input> inputs{{architecture(), "architecture"}, {tokenizer(), "tokenizer"}};
    for (const auto& [name, weight] : settings.mixture) {
      inputs.push_back({{ThingType::kData, name}, "mixture"});
    }
    return inputs;
  }

  std::vector<std::string> problems(const Recipe& recipe) const override {
    std::vector<std::string> found;
    const model::ModelConfig& shape = recipe.architecture(settings.architecture);
    if (settings.train.sequence_length > shape.context) {
      found.push_back(fmt::format("train.sequence_length={} exceeds architecture.{}.context={}",
                                  settings.train.sequence_length,
                                  settings.architecture,
                                  shape.context));
    }
    return found;
  }

  Estimate estimate(const Recipe& recipe) const override {
    const auto tokens = static_cast<double>(settings.train.tokens);
    return {.tokens = tokens, .flops = tokens * flops_per_token(recipe)};
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
    data::Loader loader(token_folders(context, vocabulary),
                        {.sequence_length = settings.train.sequence_length,
                         .extra_tokens = train::extra_tokens(shape),
                         .weights = settings.mixture,
                         .seed = context.seed});
    model::Model model = model::make_model(shape);
    model::initialize_(model, context.seed);
    train::PretrainJob job{.config = settings.train,
                           .model = model,
                           .loader = loader,
                           .work = context.work,
                           .flops_per_token = flops_per_token(context.recipe),
                           .on_step =
                               [&](std::int64_t tokens, double flops) {
                                 context.cost.add_tokens(tokens);
                                 context.cost.add_flops(flops);
                               },
                           .log = context.log};
    train::pretrain(job);
    tokenizer::save_tokenizer_folder(vocabulary, context.output);
    model::save_model(context.output, model, special_ids(vocabulary));
  }

 private:
  Thing architecture() const { return {ThingType::kArchitecture, settings.architecture}; }
  Thing tokenizer() const { return {ThingType::kTokenizer, settings.tokenizer}; }

  double flops_per_token(const Recipe& recipe) const {
    return plan::training_flops(recipe.architecture(settings.architecture),
                                settings.train.sequence_length);
  }

  // Each box's documents as tokens of this tokenizer, in the work folder; what is there already is
  // kept.
  std::map<std::string, fs::path> token_folders(const Context& context,
                                                const tokenizer::Tokenizer& vocabulary) const {
    std::map<std::string, fs::path> folders;
    for (const auto& [name, weight] : settings.mixture) {
      folders[name] = context.work / "tokens" / name;
      data::tokenize(
          context.place({ThingType::kData, name}), vocabulary, settings.tokens, folders[name]);
    }
    return folders;
  }

  static model::SpecialTokenIds special_ids(const tokenizer::Tokenizer& vocabulary) {
    return {.begin = vocabulary.id_of(tokenizer::kBeginOfSentence),
            .end = vocabulary.id_of(tokenizer::kEndOfSentence),
            .pad = vocabulary.id_of(tokenizer::kPad)};
  }
};

}  // namespace

std::vector<std::string> PretrainSettings::problems() const {
  std::vector<std::string> found;
  double total = 0;
  for (const auto& [name, weight] : mixture) {
    total += weight;
    if (!(weight >= 0)) {
      found.push_back(fmt::format("mixture.{}={} must not be negative", name, weight));
    }
  }
  if (!(total > 0)) {
    found.emplace_back("mixture gives no data box a share");
  }
  return found;
}

Kind pretrain_kind() {
  return kind_of<PretrainProcess>("pretrain");
}

}  // namespace rq::pipeline
