#include "pipeline/kinds/training.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "data/loader.h"
#include "data/tokenize.h"
#include "model/hf_config.h"
#include "model/hf_weights.h"
#include "pipeline/recipe.h"
#include "plan/flops.h"
#include "tokenizer/folder.h"
#include "tokenizer/special_tokens.h"
#include "train/objective.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

// Each box's documents as tokens of this vocabulary, in the work folder; what is there already is
// kept.
std::map<std::string, fs::path> token_folders(const Context& context, const Training& training) {
  std::map<std::string, fs::path> folders;
  for (const auto& [name, weight] : training.corpus.mixture) {
    folders[name] = context.work / "tokens" / name;
    data::tokenize(context.place({ThingType::kData, name}),
                   training.vocabulary,
                   training.corpus.tokens,
                   folders[name]);
  }
  return folders;
}

model::SpecialTokenIds special_ids(const tokenizer::Tokenizer& vocabulary) {
  return {.begin = vocabulary.id_of(tokenizer::kBeginOfSentence),
          .end = vocabulary.id_of(tokenizer::kEndOfSentence),
          .pad = vocabulary.id_of(tokenizer::kPad)};
}

}  // namespace

std::vector<std::string> Corpus::problems() const {
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
  for (const std::string& name : aligned) {
    if (!mixture.contains(name)) {
      found.push_back(fmt::format("aligned names \"{}\", which is not in the mixture", name));
    }
  }
  const auto about_lengths = data::length_problems(lengths);
  found.insert(found.end(), about_lengths.begin(), about_lengths.end());
  return found;
}

std::vector<Input> Corpus::inputs() const {
  std::vector<Input> boxes;
  for (const auto& [name, weight] : mixture) {
    boxes.push_back({{ThingType::kData, name}, "mixture"});
  }
  return boxes;
}

train::PretrainConfig resolved(train::PretrainConfig config, const model::ModelConfig& shape) {
  if (config.sequence_length == 0) {
    config.sequence_length = shape.context;
  }
  if (config.steps > 0) {
    config.tokens = config.steps * config.batch.last * config.sequence_length;
  }
  return config;
}

std::vector<std::string> training_problems(const train::PretrainConfig& config,
                                           const model::ModelConfig& shape,
                                           const std::string& name) {
  std::vector<std::string> found;
  if (config.sequence_length > shape.context) {
    found.push_back(fmt::format("train.sequence_length={} exceeds {}.context={}",
                                config.sequence_length,
                                name,
                                shape.context));
  }
  return found;
}

std::vector<std::string> content_problems(const Recipe& recipe,
                                          const std::vector<std::string>& boxes,
                                          std::string_view key,
                                          data::Content wanted) {
  constexpr std::array<std::string_view, 3> kUsers = {
      "kind = \"pretrain\" and \"extend\"", "kind = \"sft\"", "kind = \"rl\""};
  std::vector<std::string> found;
  for (const std::string& name : boxes) {
    const auto content = recipe.content_of(name);
    if (content && *content != wanted) {
      found.push_back(fmt::format("{}.{}: data.{} holds {}, not {}; those are for {}",
                                  key,
                                  name,
                                  name,
                                  enum_name(*content),
                                  enum_name(wanted),
                                  kUsers[static_cast<std::size_t>(*content)]));
    }
  }
  return found;
}

std::vector<std::string> names_of(const std::map<std::string, double>& boxes) {
  std::vector<std::string> names;
  for (const auto& [name, share] : boxes) {
    names.push_back(name);
  }
  return names;
}

train::Workplace workplace(Context& context, train::Probe probe) {
  return {.folder = context.work,
          .on_step =
              [&cost = context.cost](std::int64_t tokens, double flops) {
                cost.add_tokens(tokens);
                cost.add_flops(flops);
              },
          .probe = std::move(probe),
          .log = context.log};
}

void train_model(Context& context, Training training) {
  const model::ModelConfig& shape = training.model.config;
  data::Loader loader(token_folders(context, training),
                      {.sequence_length = training.config.sequence_length,
                       .extra_tokens = train::extra_tokens(shape),
                       .weights = training.corpus.mixture,
                       .seed = context.seed,
                       .lengths = training.corpus.lengths,
                       .aligned = training.corpus.aligned});
  if (!training.corpus.lengths.empty()) {
    for (const data::LengthBucket& bucket : loader.buckets()) {
      context.log(data::line_of(bucket));
    }
  }
  train::pretrain({.config = training.config,
                   .model = training.model,
                   .loader = loader,
                   .flops_per_token = plan::training_flops(shape, training.config.sequence_length),
                   .workplace = workplace(context, std::move(training.probe))});
}

void write_model(Context& context,
                 const model::Model& model,
                 const tokenizer::Tokenizer& vocabulary) {
  tokenizer::save_tokenizer_folder(vocabulary, context.output);
  model::save_model(context.output, model, special_ids(vocabulary));
}

void write_model(Context& context, const model::Model& model, const fs::path& base) {
  model::save_model(context.output, model, model::read_special_token_ids(base / "config.json"));
  tokenizer::copy_tokenizer_folder(base, context.output);
}

Chat load_chat(const fs::path& folder,
               const tokenizer::Tokenizer& vocabulary,
               const std::string& name) {
  const auto format = tokenizer::ChatFormat::load(folder);
  check(format.has_value(),
        "model.{} has no chat template: put chat_template.jinja beside its tokenizer.json",
        name);
  auto ends = tokenizer::end_tokens(folder, vocabulary);
  check(!ends.empty(), "model.{} names no token that ends an answer (eos_token)", name);
  return {*format, std::move(ends)};
}

std::vector<std::string> chat_problems(const Recipe& recipe, const std::string& name) {
  for (const auto& box : recipe.models) {
    if (box.name == name) {
      try {
        const fs::path folder = recipe.resolve(box.value.path);
        load_chat(folder, load_tokenizer(folder), name);
      } catch (const Error& error) {
        return {error.what()};
      }
    }
  }
  return {};
}

tokenizer::Tokenizer load_tokenizer(const fs::path& place) {
  return tokenizer::Tokenizer::load(fs::is_directory(place) ? place / "tokenizer.json" : place);
}

}  // namespace rq::pipeline
