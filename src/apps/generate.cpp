// rorqual generate: continues a text, printing it as it comes.

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "generate/sample.h"
#include "model/hf_weights.h"
#include "tokenizer/special_tokens.h"
#include "tokenizer/tokenizer.h"

namespace rq {
namespace {

struct GenerateOptions {
  std::string model, prompt;
  generate::Sampling sampling;
};

void generate_text(const GenerateOptions& options) {
  options.sampling.validate();
  const auto tokenizer =
      tokenizer::Tokenizer::load(std::filesystem::path(options.model) / "tokenizer.json");
  const model::Model model = model::load_model(options.model);
  const std::vector<std::int32_t> prompt = tokenizer.encode(options.prompt);
  std::cout << options.prompt << std::flush;
  generate::continue_tokens(
      model,
      prompt,
      options.sampling,
      tokenizer.id_of(tokenizer::kEndOfSentence),
      [&](std::int32_t token) { std::cout << tokenizer.bytes_of(token) << std::flush; });
  std::cout << "\n";
}

}  // namespace

void add_generate(CLI::App& app) {
  const auto options = std::make_shared<GenerateOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand(
      "generate",
      "Continues a text, token by token.\nThe same seed and settings give the same text.");
  verb->add_option("--model", options->model, "Folder in Hugging Face layout")->required();
  verb->add_option("--prompt", options->prompt, "The text to continue")->required();
  verb->add_option("--max-tokens", options->sampling.max_tokens, "At most so many new tokens")
      ->capture_default_str();
  verb->add_option("--temperature", options->sampling.temperature, "0: the most probable token")
      ->capture_default_str();
  verb->add_option("--top-p",
                   options->sampling.top_p,
                   "Draw from the most probable tokens that reach this share")
      ->capture_default_str();
  verb->add_option("--seed", options->sampling.seed, "Of the draws")->capture_default_str();
  verb->callback([options] { generate_text(*options); });
}

}  // namespace rq
