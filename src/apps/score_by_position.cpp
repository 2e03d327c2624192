#include "apps/score_by_position.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/signals.h"
#include "eval/context.h"
#include "eval/loss_report.h"
#include "model/hf_config.h"
#include "model/hf_weights.h"
#include "tokenizer/files.h"
#include "tokenizer/tokenizer.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

using Sequences = std::vector<std::vector<std::int32_t>>;

// The tokenizer that all the models share.
tokenizer::Tokenizer load_tokenizer(const std::vector<std::string>& models) {
  auto first = tokenizer::Tokenizer::load(fs::path(models.front()) / "tokenizer.json");
  const std::string text = first.to_json();
  for (const std::string& other : models) {
    check(tokenizer::Tokenizer::load(fs::path(other) / "tokenizer.json").to_json() == text,
          "the tokenizers of {} and {} differ: their losses by token cannot be compared",
          models.front(),
          other);
  }
  return first;
}

// The folders' own names, or the whole paths where two are called the same.
std::vector<std::string> names_of(const std::vector<std::string>& models) {
  std::vector<std::string> names;
  std::map<std::string, int> counts;
  for (const std::string& model : models) {
    const fs::path path = fs::path(model).lexically_normal();
    names.push_back((path.has_filename() ? path : path.parent_path()).filename().string());
    ++counts[names.back()];
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = counts[names[i]] > 1 ? models[i] : names[i];
  }
  return names;
}

Sequences read_sequences(const ScoreByPosition& options,
                         const tokenizer::Tokenizer& tokenizer,
                         std::int64_t longest) {
  Sequences sequences;
  tokenizer::DocumentReader documents({options.inputs.begin(), options.inputs.end()});
  for (std::string document; documents.next(document);) {
    eval::append_pieces(tokenizer.encode(document), longest, sequences);
  }
  check(!sequences.empty(), "{} hold no text", fmt::join(options.inputs, ", "));
  return sequences;
}

// How far a model is scored; says so where that is not its own context.
std::int64_t scored_context(const model::ModelConfig& config,
                            std::int64_t asked,
                            const std::string& name) {
  if (asked <= config.context) {
    return asked == 0 ? config.context : asked;
  }
  if (!eval::can_raise_context(config)) {
    std::cout << fmt::format(
        "{}: scored up to its own context of {}; its rotary positions are stretched for that\n",
        name,
        config.context);
    return config.context;
  }
  std::cout << fmt::format("{}: its context of {} is raised to {} in memory, for measuring alone\n",
                           name,
                           config.context,
                           asked);
  return asked;
}

eval::PositionCurve score_model(const std::string& folder,
                                eval::PositionCurve curve,
                                const Sequences& sequences,
                                const std::vector<std::int64_t>& borders) {
  model::Model model = model::load_model(folder);
  // Below its own where less is asked for: no token past that is then looked at.
  model.config.context = curve.scored_context;
  Progress bar(fmt::format("score {}", curve.name),
               static_cast<std::int64_t>(sequences.size()),
               "sequences");
  curve.buckets = eval::loss_by_position(model, sequences, borders, [&](std::int64_t done) {
    throw_if_stopped();
    bar.update(done);
  });
  return curve;
}

void write_outputs(const ScoreByPosition& options, const std::vector<eval::PositionCurve>& curves) {
  if (!options.output.empty()) {
    write_json(options.output,
               Json{{"inputs", options.inputs},
                    {"spacing", enum_name(options.spacing)},
                    {"models", eval::to_json(curves)}});
  }
  if (!options.svg.empty()) {
    write_file(options.svg, eval::to_svg({.curves = curves, .spacing = options.spacing}));
  }
}

}  // namespace

void score_by_position(const ScoreByPosition& options) {
  check(options.context >= 0, "--context {} must not be negative", options.context);
  const tokenizer::Tokenizer tokenizer = load_tokenizer(options.models);
  const std::vector<std::string> names = names_of(options.models);
  std::vector<eval::PositionCurve> curves;
  std::int64_t longest = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto config = model::read_hf_config(fs::path(options.models[i]) / "config.json");
    curves.push_back({.name = names[i],
                      .trained_context = config.context,
                      .scored_context = scored_context(config, options.context, names[i]),
                      .buckets = {}});
    longest = std::max(longest, curves.back().scored_context);
  }
  const auto borders = eval::bucket_borders(options.spacing, options.buckets, longest);
  const Sequences sequences = read_sequences(options, tokenizer, longest);
  for (std::size_t i = 0; i < names.size(); ++i) {
    curves[i] = score_model(options.models[i], curves[i], sequences, borders);
  }
  std::cout << eval::to_table(curves);
  write_outputs(options, curves);
}

}  // namespace rq
