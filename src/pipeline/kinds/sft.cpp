#include "pipeline/kinds/sft.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/json.h"
#include "base/progress.h"
#include "data/conversation.h"
#include "data/sample_loader.h"
#include "data/samples.h"
#include "data/store.h"
#include "model/hf_weights.h"
#include "pipeline/kinds/training.h"
#include "pipeline/kinds/workload.h"
#include "pipeline/recipe.h"
#include "plan/flops.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

Json as_json(const data::SampleCounts& counts) {
  return {{"conversations", counts.conversations},
          {"samples", counts.samples},
          {"tokens", counts.tokens},
          {"answer_tokens", counts.answer_tokens},
          {"truncated", counts.truncated},
          {"dropped", counts.dropped}};
}

class SftProcess : public Process {
 public:
  using Settings = SftSettings;
  Settings settings;

  ConfigNode config() const override { return write_config(settings); }
  Thing makes() const override { return {ThingType::kModel, settings.makes}; }

  std::vector<Input> inputs() const override {
    std::vector<Input> inputs = {{from(), "from"}};
    for (const auto& [name, times] : settings.samples) {
      inputs.push_back({{ThingType::kData, name}, "samples"});
    }
    return inputs;
  }

  std::optional<model::ModelConfig> model(const Recipe& recipe) const override {
    return recipe.model_config(settings.from);
  }

  std::vector<std::string> problems(const Recipe& recipe) const override {
    auto found = content_problems(
        recipe, names_of(settings.samples), "samples", data::Content::kConversations);
    for (std::string& sentence : chat_problems(recipe, settings.from)) {
      found.push_back(std::move(sentence));
    }
    return found;
  }

  std::optional<plan::Workload> workload(const Recipe& recipe) const override {
    const auto shape = model(recipe);
    if (!shape) {
      return {};
    }
    plan::Workload work = sample_workload(recipe,
                                          *shape,
                                          {.config = settings.train,
                                           .boxes = settings.samples,
                                           .epochs = settings.train.epochs,
                                           .step_tokens = settings.train.step_tokens});
    work.micro_batch = rows_of(settings.train.piece_tokens, work.row_tokens);
    return work;
  }

  void run(Context& context) const override {
    const fs::path folder = context.place(from());
    model::Model model = model::load_model(folder);
    data::SampleLoader loader(
        read_samples(context, folder, model.config), settings.train.epochs, context.seed);
    const std::int64_t length = loader.tokens() / loader.samples();
    train::fine_tune({.config = settings.train,
                      .model = model,
                      .loader = loader,
                      .flops_per_token = plan::training_flops(model.config, length),
                      .workplace = workplace(context)});
    write_model(context, model, folder);
  }

 private:
  Thing from() const { return {ThingType::kModel, settings.from}; }

  // The conversations of all boxes, and in work/samples.json what became of them.
  std::map<std::string, data::SampleSource> read_samples(const Context& context,
                                                         const fs::path& folder,
                                                         const model::ModelConfig& shape) const {
    const auto vocabulary = load_tokenizer(folder);
    const Chat chat = load_chat(folder, vocabulary, settings.from);
    std::map<std::string, data::SampleSource> sources;
    Json counts = Json::object();
    for (const auto& [name, times] : settings.samples) {
      data::SampleMaker make(vocabulary, chat.format, chat.end_tokens.front(), shape.context);
      sources[name] = {read_box(context, name, make), times};
      counts[name] = as_json(make.counts());
      if (make.counts().truncated > 0) {
        context.log(
            fmt::format("data.{}: {} of {} samples are longer than the context of {} "
                        "tokens and were cut, {} of them before their answer, which are "
                        "left out",
                        name,
                        make.counts().truncated,
                        make.counts().samples + make.counts().dropped,
                        shape.context,
                        make.counts().dropped));
      }
    }
    write_json(context.work / "samples.json", counts);
    return sources;
  }

  static std::vector<data::Sample> read_box(const Context& context,
                                            const std::string& name,
                                            data::SampleMaker& make) {
    const data::DocumentStore box(context.place({ThingType::kData, name}));
    std::vector<data::Sample> samples;
    Progress bar(fmt::format("samples of {}", name), box.size(), "conversations");
    for (std::int64_t i = 0; i < box.size(); ++i) {
      for (data::Sample& sample :
           make(data::parse_conversation(box[i], fmt::format("data.{}", name)))) {
        samples.push_back(std::move(sample));
      }
      bar.update(i + 1);
    }
    return samples;
  }
};

}  // namespace

std::vector<std::string> SftSettings::problems() const {
  std::vector<std::string> found;
  double total = 0;
  for (const auto& [name, times] : samples) {
    total += times;
    if (!(times >= 0)) {
      found.push_back(fmt::format("samples.{}={} must not be negative", name, times));
    }
  }
  if (!(total > 0)) {
    found.emplace_back("samples names no box that is seen at all");
  }
  return found;
}

Kind sft_kind() {
  return kind_of<SftProcess>("sft");
}

}  // namespace rq::pipeline
