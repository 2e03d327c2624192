#include "pipeline/kinds/reward_model.h"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/progress.h"
#include "data/preference.h"
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

// The pairs of all boxes: those that are trained on, by box, and those whose order is asked.
struct Pairs {
  std::map<std::string, data::SampleSource> trained = {};
  std::vector<data::Sample> heldout = {};
};

class RewardModelProcess : public Process {
 public:
  using Settings = RewardModelSettings;
  Settings settings;

  ConfigNode config() const override { return write_config(settings); }
  Thing makes() const override { return {ThingType::kModel, settings.makes}; }

  std::vector<Input> inputs() const override {
    std::vector<Input> inputs = {{from(), "from"}};
    for (const std::string& name : names_of(settings.pairs)) {
      inputs.push_back({{ThingType::kData, name}, "pairs"});
    }
    return inputs;
  }

  std::optional<model::ModelConfig> model(const Recipe& recipe) const override {
    return recipe.model_config(settings.from);
  }

  std::vector<std::string> problems(const Recipe& recipe) const override {
    auto found =
        content_problems(recipe, names_of(settings.pairs), "pairs", data::Content::kPreferences);
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
                                           .boxes = settings.pairs,
                                           .epochs = settings.train.epochs,
                                           .step_tokens = settings.train.step_tokens});
    work.tokens *= 2 * (1 - settings.heldout);  // of a pair both are read
    work.has_prediction = false;
    return work;
  }

  void run(Context& context) const override {
    const fs::path folder = context.place(from());
    model::Model model = model::load_model(folder);
    Pairs pairs = read_pairs(context, folder, model.config);
    data::SampleLoader loader(std::move(pairs.trained), settings.train.epochs, context.seed);
    const std::int64_t length = loader.tokens() / loader.samples() / 2;
    train::fit_reward_model({.config = settings.train,
                             .model = model,
                             .loader = loader,
                             .flops_per_token = 3 * plan::forward_flops(model.config, length),
                             .workplace = workplace(context)});
    tell_order(context, model, pairs.heldout);
    write_model(context, model, folder);
  }

 private:
  Thing from() const { return {ThingType::kModel, settings.from}; }

  bool is_heldout(std::string_view document) const {
    return std::ldexp(static_cast<double>(xxh3(document)), -64) < settings.heldout;
  }

  Pairs read_pairs(const Context& context,
                   const fs::path& folder,
                   const model::ModelConfig& shape) const {
    const auto vocabulary = load_tokenizer(folder);
    const Chat chat = load_chat(folder, vocabulary, settings.from);
    data::SampleMaker make(vocabulary, chat.format, chat.end_tokens.front(), shape.context);
    Pairs pairs;
    std::int64_t too_long = 0;
    for (const auto& [name, times] : settings.pairs) {
      const data::DocumentStore box(context.place({ThingType::kData, name}));
      Progress bar(fmt::format("pairs of {}", name), box.size(), "pairs");
      pairs.trained[name].times = times;
      for (std::int64_t i = 0; i < box.size(); ++i) {
        auto pair = make.pair(data::parse_preference(box[i], "data." + name));
        if (!pair) {
          ++too_long;
        } else if (is_heldout(box[i])) {
          pairs.heldout.push_back(*std::move(pair));
        } else {
          pairs.trained[name].samples.push_back(*std::move(pair));
        }
        bar.update(i + 1);
      }
    }
    if (too_long > 0) {
      context.log(
          fmt::format("{} pairs are left out: an answer is longer than the context of {} tokens",
                      too_long,
                      shape.context));
    }
    return pairs;
  }

  // How many pairs that were not trained on are in the right order.
  static void tell_order(const Context& context,
                         const model::Model& model,
                         const std::vector<data::Sample>& heldout) {
    const auto count = static_cast<std::int64_t>(heldout.size());
    const std::int64_t right = train::pairs_in_order(model, heldout);
    write_json(context.work / "heldout.json", {{"pairs", count}, {"right_order", right}});
    if (count > 0) {
      context.log(fmt::format(
          "{} of {} pairs that it was not trained on are in the right order", right, count));
    }
  }
};

}  // namespace

std::vector<std::string> RewardModelSettings::problems() const {
  std::vector<std::string> found;
  double total = 0;
  for (const auto& [name, times] : pairs) {
    total += times;
    if (!(times >= 0)) {
      found.push_back(fmt::format("pairs.{}={} must not be negative", name, times));
    }
  }
  if (!(total > 0)) {
    found.emplace_back("pairs names no box that is seen at all");
  }
  if (!(heldout >= 0 && heldout < 1)) {
    found.push_back(fmt::format("heldout={} must lie in [0, 1)", heldout));
  }
  return found;
}

Kind reward_model_kind() {
  return kind_of<RewardModelProcess>("reward-model");
}

}  // namespace rq::pipeline
