// rorqual generate: continues a text, printing it as it comes.

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "generate/engine.h"
#include "model/hf_weights.h"
#include "tokenizer/chat_format.h"
#include "tokenizer/text_stream.h"
#include "tokenizer/tokenizer.h"

namespace rq {
namespace {

struct GenerateOptions {
  std::string model, prompt;
  std::int64_t max_tokens = 128;
  generate::Sampling sampling;
  std::vector<std::string> stops;
};

void generate_text(const GenerateOptions& options) {
  const auto tokenizer =
      tokenizer::Tokenizer::load(std::filesystem::path(options.model) / "tokenizer.json");
  tokenizer::TextStream text(tokenizer, options.stops);
  generate::Request request{.prompt = tokenizer.encode(options.prompt),
                            .sampling = options.sampling,
                            .max_tokens = options.max_tokens,
                            .end_tokens = tokenizer::end_tokens(options.model, tokenizer),
                            .on_token = [&](const generate::Token& token) {
                              std::cout << text.push(token.token) << std::flush;
                              return !text.is_stopped();
                            }};
  generate::Engine engine(model::load_model(options.model), {});
  std::cout << options.prompt << std::flush;
  generate::continue_tokens(engine, std::move(request));
  std::cout << text.finish() << "\n";
}

}  // namespace

void add_generate(CLI::App& app) {
  const auto options = std::make_shared<GenerateOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand(
      "generate",
      "Continues a text, token by token.\nThe same seed and settings give the same text.");
  verb->add_option("--model", options->model, "Folder in Hugging Face layout")->required();
  verb->add_option("--prompt", options->prompt, "The text to continue")->required();
  verb->add_option("--max-tokens", options->max_tokens, "At most so many new tokens")
      ->capture_default_str();
  generate::Sampling& sampling = options->sampling;
  const auto add = [verb](const std::string& name, auto& value, const std::string& help) {
    verb->add_option(name, value, help)->capture_default_str();
  };
  add("--temperature", sampling.temperature, "0: the most probable token");
  add("--top-k", sampling.top_k, "Draw from so many most probable tokens; 0: from all");
  add("--top-p", sampling.top_p, "Draw from the most probable tokens that reach this share");
  add("--min-p", sampling.min_p, "Draw from tokens at least so probable beside the most probable");
  add("--repetition-penalty",
      sampling.repetition_penalty,
      "Makes tokens of the prompt and the answer less probable; 1: does not");
  add("--seed", sampling.seed, "Of the draws");
  verb->add_option("--stop", options->stops, "A text that the answer ends before; several");
  verb->callback([options] { generate_text(*options); });
}

}  // namespace rq
