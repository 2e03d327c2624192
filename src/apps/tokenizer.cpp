// rorqual tokenizer: trains a byte-level BPE, and puts files through one.

#include "tokenizer/tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "base/format.h"
#include "base/progress.h"
#include "tokenizer/files.h"
#include "tokenizer/train.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAbout =
    "Byte-level BPE with DeepSeek-V3's pre-tokenizer: train one, and put files through it.\n"
    "Reads and writes Hugging Face's tokenizer.json, with the ids of the `tokenizers` library.\n";
constexpr const char* kAboutTrain =
    "Learn a vocabulary from text.\n"
    "Each input is a .jsonl file ({\"text\": ...} a line, each a document) or, under any other "
    "name, one\n"
    "document. The result depends on the text alone, not on the threads or the order of the "
    "files.\n"
    "Example: rorqual tokenizer train --input corpus/*.txt --vocab-size 4096 --output "
    "tokenizer.json\n";
constexpr const char* kAboutEncode =
    "Text to token ids.\n"
    "A .jsonl input has {\"text\": ...} on each line; the output has {\"tokens\": [...]} on each, "
    "in the same\n"
    "order. Any other input is one document of bytes and gives one line. Special tokens that stand "
    "in\n"
    "the text are recognised; none is added.\n";
constexpr const char* kAboutDecode =
    "Token ids to text.\n"
    "The input has {\"tokens\": [...]} on each line; the output has {\"text\": ...} on each. Where "
    "the bytes are\n"
    "not UTF-8, \"text\" has U+FFFD in place of each such byte and \"hex\" holds the exact bytes. "
    "An output\n"
    "whose name does not end in .jsonl gets the bytes themselves, of all lines one after the "
    "other.\n";

// Large enough to live until the command line is parsed: CLI11 keeps references to the options'
// variables.
struct TrainOptions {
  std::vector<fs::path> inputs;
  fs::path output;
  tokenizer::TrainConfig config;
  int threads = 0;
};

struct FileOptions {
  fs::path tokenizer, input, output;
  int threads = 0;
};

void train(const TrainOptions& options) {
  options.config.validate();
  tokenizer::DocumentReader documents(options.inputs);
  Progress counting("count words", documents.total_bytes(), "bytes");
  std::unique_ptr<Progress> merging;
  tokenizer::TrainRun run{.threads = options.threads, .report = {}};
  run.report = [&](std::string_view stage, std::int64_t done, std::int64_t total) {
    if (stage == "count") {
      counting.update(documents.bytes_read());
      return;
    }
    if (!merging) {
      counting.finish();
      merging = std::make_unique<Progress>("learn merges", total, "merges");
    }
    merging->update(done);
  };
  const auto trained = tokenizer::train(
      [&](std::string& document) { return documents.next(document); }, options.config, run);
  trained.save(options.output);
}

using Process = void(const tokenizer::Tokenizer&,
                     const fs::path&,
                     const fs::path&,
                     const tokenizer::FileRun&);

void process(const FileOptions& options, std::string_view title, Process& work) {
  const auto loaded = tokenizer::Tokenizer::load(options.tokenizer);
  std::error_code error;
  const auto size = fs::file_size(options.input, error);
  Progress bar(title, error ? 0 : static_cast<std::int64_t>(size), "bytes");
  work(loaded,
       options.input,
       options.output,
       {.threads = options.threads, .report = [&](std::int64_t bytes) { bar.update(bytes); }});
}

void add_threads(CLI::App& verb, int& threads) {
  verb.add_option("--threads", threads, "Threads to use; 0 is one a core")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
}

void add_train(CLI::App& tokenizer) {
  const auto options = std::make_shared<TrainOptions>();
  CLI::App* verb = tokenizer.add_subcommand("train", kAboutTrain);
  verb->add_option("--input", options->inputs, "Files to learn from")->required();
  verb->add_option("--output", options->output, "The tokenizer.json to write")->required();
  verb->add_option("--vocab-size",
                   options->config.vocab_size,
                   "Ids in all: special tokens, the 256 bytes, and merges")
      ->required();
  verb->add_option("--min-frequency",
                   options->config.min_frequency,
                   "How often a pair must occur to become a token")
      ->capture_default_str();
  verb->add_option(
          "--max-token-bytes", options->config.max_token_bytes, "The longest token; 0 is no limit")
      ->capture_default_str();
  verb->add_option(
          "--digits", options->config.digits, "Cut numbers into groups of at most this many digits")
      ->capture_default_str();
  add_threads(*verb, options->threads);
  verb->callback([options] { train(*options); });
}

void add_file_verb(
    CLI::App& tokenizer, const char* name, const char* about, const char* title, Process& work) {
  const auto options = std::make_shared<FileOptions>();
  CLI::App* verb = tokenizer.add_subcommand(name, about);
  verb->add_option("--tokenizer", options->tokenizer, "A tokenizer.json")->required();
  verb->add_option("--input", options->input, "The file to read")->required();
  verb->add_option("--output", options->output, "The file to write")->required();
  add_threads(*verb, options->threads);
  verb->callback([options, title, &work] { process(*options, title, work); });
}

}  // namespace

void add_tokenizer(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("tokenizer", kAbout);
  verb->require_subcommand(1);
  add_train(*verb);
  add_file_verb(*verb, "encode", kAboutEncode, "encode", tokenizer::encode_file);
  add_file_verb(*verb, "decode", kAboutDecode, "decode", tokenizer::decode_file);
}

}  // namespace rq
