#pragma once
// What processes that train on packed tokens share: documents become tokens and rows, the loop
// runs, and the model's folder is written.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/config.h"
#include "model/model.h"
#include "pipeline/process.h"
#include "tokenizer/chat_format.h"
#include "tokenizer/tokenizer.h"
#include "train/pretrain.h"

namespace rq::pipeline {

// The corpus of a process: keys of its own table.
struct Corpus {
  std::map<std::string, double> mixture =
      {};  // share of the rows by [data.NAME]; scaled to sum to 1
  std::vector<data::LengthShare> lengths = {};  // share of the rows by documents' length
  std::vector<std::string> aligned = {};  // boxes of the mixture whose rows begin with a document
  data::ShardConfig tokens = {};          // how documents become tokens

  template <typename Visit>
  void each(Visit&& visit) {
    visit("mixture", mixture);
    visit("lengths", lengths);
    visit("aligned", aligned);
    visit("tokens", tokens);
  }
  std::vector<std::string> problems() const;
  std::vector<Input> inputs() const;
};

// What a process trains: the settings are resolved.
struct Training {
  model::Model& model;  // to begin with; trained in place
  const tokenizer::Tokenizer& vocabulary;
  const Corpus& corpus;
  train::PretrainConfig config;
  train::Probe probe = {};
};

// The settings with what they leave to the model filled in: the sequence length, and the tokens of
// so many steps.
train::PretrainConfig resolved(train::PretrainConfig config, const model::ModelConfig& shape);

// What the settings make impossible for a model of this shape, called `name` in the sentences.
std::vector<std::string> training_problems(const train::PretrainConfig& config,
                                           const model::ModelConfig& shape,
                                           const std::string& name);

// A sentence for each box of the setting `key` that is known to hold something else.
std::vector<std::string> content_problems(const Recipe& recipe,
                                          const std::vector<std::string>& boxes,
                                          std::string_view key,
                                          data::Content wanted);
// The names of a table of boxes.
std::vector<std::string> names_of(const std::map<std::string, double>& boxes);

// A training's surroundings in the run's folder; the context must outlive them.
train::Workplace workplace(Context& context, train::Probe probe = {});

// Trains in context.work.
void train_model(Context& context, Training training);

// Writes the model's folder to context.output: of a new model with our tokenizer's files and chat
// template, of one that went on from `base` with that folder's.
void write_model(Context& context,
                 const model::Model& model,
                 const tokenizer::Tokenizer& vocabulary);
void write_model(Context& context, const model::Model& model, const std::filesystem::path& base);

// How a model is asked, and the tokens that end its answers: one at least.
struct Chat {
  tokenizer::ChatFormat format;
  std::vector<std::int32_t> end_tokens;
};
// An Error, which calls the model `name`, where its folder does not say.
Chat load_chat(const std::filesystem::path& folder,
               const tokenizer::Tokenizer& vocabulary,
               const std::string& name);
// The same as a sentence, where the model is there before anything has run.
std::vector<std::string> chat_problems(const Recipe& recipe, const std::string& name);

// tokenizer.json itself, or that of a tokenizer's or a model's folder.
tokenizer::Tokenizer load_tokenizer(const std::filesystem::path& place);

}  // namespace rq::pipeline
