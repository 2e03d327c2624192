// rorqual needle: where in its context a model finds what it was given.

#include "eval/needle.h"

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/enum_option.h"
#include "apps/verbs.h"
#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/signals.h"
#include "eval/context.h"
#include "eval/needle_report.h"
#include "model/hf_weights.h"
#include "tokenizer/files.h"
#include "tokenizer/tokenizer.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAbout =
    "Hides facts in real prose and asks for them: a map of where in its context a model finds what "
    "it was\n"
    "given, by the length of the prompt and the depth of the fact. A prompt counts as found by "
    "generation\n"
    "where the most probable continuation of the question spells the answer, and by "
    "log-probability where\n"
    "each of the answer's tokens is the most probable one. Prints a table; --output and --svg "
    "write "
    "the map\n"
    "with its counts and 95 % intervals. The same seed gives the same map.\n";
constexpr const char* kFooter =
    "Variants: single (one fact), multi-key (one fact among others of the same wording), "
    "multi-needle (several\n"
    "facts, all of them asked).\n"
    "Example: rorqual needle --model runs/small/models/v3-128k --haystack books/*.txt --lengths "
    "256,2048,8192\n";

struct NeedleOptions {
  std::string model, output, svg;
  std::vector<fs::path> haystack;
  std::int64_t depths = 5, context = 0;
  eval::NeedleConfig config;
};

// All documents as one text.
std::string read_haystack(const std::vector<fs::path>& files) {
  tokenizer::DocumentReader documents(files);
  std::string text;
  for (std::string document; documents.next(document);) {
    text += document;
    text += text.ends_with('\n') ? "" : "\n";
  }
  return text;
}

std::string name_of(const std::string& folder) {
  const fs::path path = fs::path(folder).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

void search_needles(const NeedleOptions& options) {
  const auto tokenizer = tokenizer::Tokenizer::load(fs::path(options.model) / "tokenizer.json");
  model::Model model = model::load_model(options.model);
  const std::int64_t own_context = model.config.context;
  if (options.context != 0) {
    eval::raise_context(model.config, options.context);
    std::cout << fmt::format(
        "The model's context of {} is raised to {} in memory, for measuring alone.\n",
        own_context,
        options.context);
  }
  eval::NeedleConfig config = options.config;
  config.depths = eval::even_depths(options.depths);
  std::unique_ptr<Progress> bar;
  const auto map = eval::probe(
      model, tokenizer, read_haystack(options.haystack), config, [&](auto done, auto total) {
        throw_if_stopped();
        bar = bar ? std::move(bar) : std::make_unique<Progress>("needle", total, "tokens");
        bar->update(done);
      });
  bar->finish();
  std::cout << eval::to_table(map);
  if (!options.output.empty()) {
    Json json = {{"model", options.model},
                 {"trained_context", own_context},
                 {"context", model.config.context},
                 {"haystack", Json::array()}};
    for (const fs::path& file : options.haystack) {
      json["haystack"].push_back(file.string());
    }
    json.update(eval::to_json(map));
    write_json(options.output, json);
  }
  if (!options.svg.empty()) {
    write_file(options.svg, eval::to_svg(map, name_of(options.model)));
  }
}

void add_config_options(CLI::App& verb, eval::NeedleConfig& config) {
  verb.add_option(
          "--lengths",
          config.lengths,
          "Of prompts in tokens, as in 256,1024; without it powers of two up to the context")
      ->delimiter(',');
  verb.add_option("--needles", config.needles, "Prompts a cell")->capture_default_str();
  verb.add_option_function<std::vector<std::string>>(
          "--variants",
          [&config](const std::vector<std::string>& names) {
            config.variants.clear();
            for (const std::string& name : names) {
              config.variants.push_back(enum_option<eval::Variant>("--variants", name));
            }
          },
          "Of single, multi-key, multi-needle; with commas")
      ->delimiter(',')
      ->default_str("single");
  verb.add_option("--distractors", config.distractors, "multi-key: facts that are not asked")
      ->capture_default_str();
  verb.add_option("--facts", config.facts, "multi-needle: facts that are asked")
      ->capture_default_str();
  verb.add_option("--seed", config.seed, "Of facts, depths and parts of the haystack")
      ->capture_default_str();
}

}  // namespace

void add_needle(CLI::App& app) {
  const auto options = std::make_shared<NeedleOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand("needle", kAbout);
  verb->footer(kFooter);
  verb->add_option("--model", options->model, "Folder in Hugging Face layout")->required();
  verb->add_option(
          "--haystack",
          options->haystack,
          "Prose: .jsonl with {\"text\": ...} a line, or plain text; all one after the other")
      ->required();
  verb->add_option("--depths", options->depths, "How many, at equal distances from 0 to 100 %")
      ->capture_default_str();
  add_config_options(*verb, options->config);
  verb->add_option("--context",
                   options->context,
                   "Look this far, past what the model was trained for: raised in memory alone, "
                   "for models with\nplain rotary positions");
  verb->add_option("--output", options->output, "The map as JSON");
  verb->add_option("--svg", options->svg, "The map as a picture");
  verb->callback([options] { search_needles(*options); });
}

}  // namespace rq
