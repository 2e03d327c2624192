// rorqual score: log-probabilities of given texts or tokens, one line out for each line in.

#include "generate/score.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <numbers>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/enum_option.h"
#include "apps/score_by_position.h"
#include "apps/verbs.h"
#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "eval/context.h"
#include "model/hf_weights.h"
#include "tokenizer/special_tokens.h"
#include "tokenizer/tokenizer.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

struct ScoreOptions {
  std::string model, input, output;
  std::int64_t context = 0;  // 0: the model's own
  bool has_begin_token = false, has_windows = false, has_summary = false;
};

// What --summary tells.
struct Summary {
  std::int64_t documents = 0, tokens = 0, scored = 0;
  double nats = 0;  // of all that was scored
  // Of the texts alone: their bytes, and what they cost when every token of theirs is paid for.
  std::int64_t text_bytes = 0;
  double text_nats = 0;
};

class Scorer {
 public:
  explicit Scorer(const ScoreOptions& options)
      : options_(options), model_(model::load_model(options.model)) {
    if (options.context != 0) {
      const std::int64_t own = model_.config.context;
      eval::raise_context(model_.config, options.context);
      std::cout << fmt::format(
          "The model's context of {} is raised to {} in memory, for measuring alone.\n",
          own,
          options.context);
    }
  }

  // One line of the input to one line of the output.
  std::string operator()(const std::string& line, const std::string& origin) {
    const Given given = read(parse_json(line, origin), origin);
    std::vector<float> values;
    try {
      values = options_.has_windows ? generate::log_probabilities_in_windows(model_, given.tokens)
                                    : generate::log_probabilities(model_, given.tokens);
    } catch (const Error& error) {
      fail("{}: {}", origin, error.what());
    }
    Json logprobs = Json::array();
    if (!given.tokens.empty()) {
      logprobs.push_back(nullptr);
    }
    for (const float value : values) {
      logprobs.push_back(value);
    }
    add_to_summary(given, values);
    return Json{{"logprobs", logprobs}}.dump();
  }

  const Summary& summary() const { return summary_; }

 private:
  struct Given {
    std::vector<std::int32_t> tokens = {};
    std::optional<std::size_t> text_bytes = {};  // where it was given as text
  };

  void add_to_summary(const Given& given, const std::vector<float>& values) {
    const double nats = -std::accumulate(values.begin(), values.end(), 0.0);
    ++summary_.documents;
    summary_.tokens += static_cast<std::int64_t>(given.tokens.size());
    summary_.scored += static_cast<std::int64_t>(values.size());
    summary_.nats += nats;
    if (given.text_bytes) {
      // No byte comes for free: a first token has no probability, and costs what one of all tokens
      // alike does. The begin token is no part of the text.
      const bool is_first_free = given.tokens.empty() || options_.has_begin_token;
      const double first = std::log(static_cast<double>(model_.config.vocab_size));
      summary_.text_bytes += static_cast<std::int64_t>(*given.text_bytes);
      summary_.text_nats += nats + (is_first_free ? 0 : first);
    }
  }

  const tokenizer::Tokenizer& tokenizer() {
    if (!tokenizer_) {
      tokenizer_ = tokenizer::Tokenizer::load(fs::path(options_.model) / "tokenizer.json");
    }
    return *tokenizer_;
  }

  Given read(const Json& line, const std::string& origin) {
    check(line.is_object() && (line.contains("text") || line.contains("tokens")),
          "{}: needs an object with \"text\" or \"tokens\"",
          origin);
    if (line.contains("tokens")) {
      return {.tokens = json_value<std::vector<std::int32_t>>(line, "tokens", {}, origin)};
    }
    const auto text = json_value<std::string>(line, "text", {}, origin);
    Given given{.text_bytes = text.size()};
    if (options_.has_begin_token) {
      const auto begin = tokenizer().id_of(tokenizer::kBeginOfSentence);
      check(begin.has_value(),
            "{}: its tokenizer has no {}",
            options_.model,
            tokenizer::kBeginOfSentence);
      given.tokens.push_back(*begin);
    }
    tokenizer().encode_to(text, given.tokens);
    return given;
  }

  ScoreOptions options_;
  model::Model model_;
  std::optional<tokenizer::Tokenizer> tokenizer_;  // read when the first text comes
  Summary summary_;
};

void print_summary(const Summary& summary) {
  std::cout << fmt::format(
      "{} documents, {} tokens, {:.4f} nats a token",
      summary.documents,
      summary.tokens,
      summary.nats / static_cast<double>(std::max<std::int64_t>(summary.scored, 1)));
  if (summary.text_bytes > 0) {
    std::cout << fmt::format(
        ", {:.4f} bits a byte",
        summary.text_nats / std::numbers::ln2 / static_cast<double>(summary.text_bytes));
  }
  std::cout << "\n";
}

void score(const ScoreOptions& options) {
  std::ifstream input(options.input);
  check(input.good(), "cannot read {}", options.input);
  Scorer scorer(options);
  FileWriter output(options.output);
  Progress bar("score", static_cast<std::int64_t>(fs::file_size(options.input)), "bytes");
  std::int64_t number = 0, bytes = 0;
  for (std::string line; std::getline(input, line);) {
    ++number;
    bytes += static_cast<std::int64_t>(line.size()) + 1;
    output.write(scorer(line, fmt::format("line {} of {}", number, options.input)) + "\n");
    bar.update(bytes);
  }
  output.commit();
  bar.finish();
  if (options.has_summary) {
    print_summary(scorer.summary());
  }
}

// What the command line holds: one of two jobs, which share some options.
struct ScoreCommand {
  ScoreOptions tokens;  // without model, input, output and context
  ScoreByPosition position;
  bool is_by_position = false;
};

void run_score(const ScoreCommand& command) {
  if (command.is_by_position) {
    score_by_position(command.position);
    return;
  }
  const ScoreByPosition& given = command.position;
  check(given.models.size() == 1 && given.inputs.size() == 1,
        "{} models and {} inputs are given; without --by-position one of each is scored",
        given.models.size(),
        given.inputs.size());
  check(!given.output.empty(), "--output is required without --by-position");
  ScoreOptions options = command.tokens;
  options.model = given.models.front();
  options.input = given.inputs.front();
  options.output = given.output;
  options.context = given.context;
  score(options);
}

void add_token_options(CLI::App& verb, ScoreOptions& options, CLI::Option* by_position) {
  verb.add_flag("--begin-token", options.has_begin_token, "Put the begin token before each text")
      ->excludes(by_position);
  verb.add_flag("--windows",
                options.has_windows,
                "Score what is longer than the context in windows half a context apart")
      ->excludes(by_position);
  verb.add_flag(
          "--summary",
          options.has_summary,
          "Also print the mean, and the bits a byte of the texts: a text's first token counts as "
          "one of all tokens alike, unless --begin-token stands before it")
      ->excludes(by_position);
}

void add_position_options(CLI::App& verb, ScoreByPosition& options, CLI::Option* by_position) {
  verb.add_option("--svg", options.svg, "With --by-position: the plot to write")
      ->needs(by_position);
  verb.add_option("--buckets",
                  options.buckets,
                  "With --by-position: how many ranges of positions; 0: powers of two, or 16 equal "
                  "ones")
      ->capture_default_str()
      ->needs(by_position);
  verb.add_option_function<std::string>(
          "--spacing",
          [&options](const std::string& name) {
            options.spacing = enum_option<eval::Spacing>("--spacing", name);
          },
          "With --by-position: logarithmic or equal ranges")
      ->default_str("logarithmic")
      ->needs(by_position);
}

}  // namespace

void add_score(CLI::App& app) {
  const auto command = std::make_shared<ScoreCommand>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand(
      "score",
      "Natural log-probabilities that a model gives to text.\n"
      "Lines {\"text\": ...} or {\"tokens\": [...]} in; a line {\"logprobs\": [null, ...]} out for "
      "each, in order.\n"
      "With --by-position: the mean loss by distance from the start of long texts, of several "
      "models beside\n"
      "one another, as a table, JSON (--output) and a plot (--svg). Texts are JSON lines or whole "
      "files; what is\n"
      "longer than the longest context is cut into pieces, each with a start of its own.");
  ScoreByPosition& options = command->position;
  CLI::Option* const by_position =
      verb->add_flag("--by-position", command->is_by_position, "Mean loss by position instead");
  verb->add_option("--model",
                   options.models,
                   "Folder in Hugging Face layout; with --by-position several, with one tokenizer")
      ->required();
  verb->add_option("--input", options.inputs, "JSON lines; with --by-position also plain texts")
      ->required();
  verb->add_option("--output", options.output, "JSON lines, written whole or not at all");
  verb->add_option("--context",
                   options.context,
                   "Look this far, past what the model was trained for: raised in memory alone, "
                   "for models with\nplain rotary positions");
  add_token_options(*verb, command->tokens, by_position);
  add_position_options(*verb, options, by_position);
  verb->callback([command] { run_score(*command); });
}

}  // namespace rq
