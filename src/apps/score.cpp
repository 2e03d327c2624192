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

#include "apps/verbs.h"
#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "model/hf_weights.h"
#include "tokenizer/special_tokens.h"
#include "tokenizer/tokenizer.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

struct ScoreOptions {
  std::string model, input, output;
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
      : options_(options), model_(model::load_model(options.model)) {}

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

}  // namespace

void add_score(CLI::App& app) {
  const auto options = std::make_shared<ScoreOptions>();  // lives as long as the callback
  CLI::App* const verb =
      app.add_subcommand("score",
                         "Natural log-probabilities that a model gives to text.\n"
                         "Lines {\"text\": ...} or {\"tokens\": [...]} in; a line {\"logprobs\": "
                         "[null, ...]} out for each, in order.");
  verb->add_option("--model", options->model, "Folder in Hugging Face layout")->required();
  verb->add_option("--input", options->input, "JSON lines")->required();
  verb->add_option("--output", options->output, "JSON lines, written whole or not at all")
      ->required();
  verb->add_flag("--begin-token", options->has_begin_token, "Put the begin token before each text");
  verb->add_flag("--windows",
                 options->has_windows,
                 "Score what is longer than the context in windows half a context apart");
  verb->add_flag(
      "--summary",
      options->has_summary,
      "Also print the mean, and the bits a byte of the texts: a text's first token counts as "
      "one of all tokens alike, unless --begin-token stands before it");
  verb->callback([options] { score(*options); });
}

}  // namespace rq
