// Claim: where a model has a layer of multi-token prediction (DeepSeek-V3 §2.2), answers come
// sooner with its guesses than without, and are the same to the bit.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "base/json.h"
#include "bench/benches.h"
#include "bench/peer.h"
#include "generate/engine.h"
#include "model/hf_weights.h"
#include "model/model.h"
#include "tokenizer/tokenizer.h"

namespace rq::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Tokens = std::vector<std::int32_t>;

constexpr std::size_t kTexts = 24;
constexpr std::size_t kPrompt = 64;
constexpr std::int64_t kNew = 96;
constexpr int kRepeats = 5;

// How each text of a .jsonl begins.
std::vector<Tokens> read_prompts(const fs::path& file, const tokenizer::Tokenizer& tokenizer) {
  std::vector<Tokens> prompts;
  const std::string lines = read_file(file);
  for (std::size_t begin = 0; begin < lines.size() && prompts.size() < kTexts;) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    const Json line = parse_json(std::string_view(lines).substr(begin, end - begin), file.string());
    Tokens tokens =
        tokenizer.encode_ordinary(json_value<std::string>(line, "text", "", file.string()));
    if (tokens.size() >= kPrompt) {
      tokens.resize(kPrompt);
      prompts.push_back(std::move(tokens));
    }
    begin = end + 1;
  }
  check(!prompts.empty(), "{} has no text of {} tokens", file.string(), kPrompt);
  return prompts;
}

struct Measured {
  std::vector<Tokens> answers;
  double seconds = 0;
  double acceptance = 0;
};

// All prompts, `at_once` at a time; the median of several passes.
Measured answer(const model::Model& model,
                std::span<const Tokens> prompts,
                double temperature,
                std::int64_t at_once,
                generate::Drafts drafts) {
  Measured measured;
  std::vector<double> seconds;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    generate::Engine engine(model, {.most_running = at_once, .drafts = drafts});
    measured.answers.assign(prompts.size(), {});
    for (std::size_t i = 0; i < prompts.size(); ++i) {
      engine.add({.prompt = prompts[i],
                  .sampling = {.temperature = temperature, .seed = i},
                  .max_tokens = kNew,
                  .on_token = [&measured, i](const generate::Token& token) {
                    measured.answers[i].push_back(token.token);
                    return true;
                  }});
    }
    const auto began = Clock::now();
    while (engine.step()) {
    }
    seconds.push_back(std::chrono::duration<double>(Clock::now() - began).count());
    const generate::EngineStatus status = engine.status();
    measured.acceptance = static_cast<double>(status.accepted_tokens) /
                          static_cast<double>(std::max<std::int64_t>(1, status.drafted_tokens));
  }
  measured.seconds = median(seconds);
  return measured;
}

}  // namespace

void bench_speculation(std::span<const std::string> arguments) {
  check(arguments.size() >= 2,
        "bench speculation takes a model's folder and files of texts (.jsonl)");
  const fs::path folder = arguments.front();
  const model::Model model = model::load_model(folder);
  check(!model.predictions.empty(), "{} has no layer of multi-token prediction", folder.string());
  const auto tokenizer = tokenizer::Tokenizer::load(folder / "tokenizer.json");
  fmt::print("{} tokens of prompt, {} new ones; medians of {}\n", kPrompt, kNew, kRepeats);
  for (const std::string& file : arguments.subspan(1)) {
    const std::vector<Tokens> prompts = read_prompts(file, tokenizer);
    fmt::print("{}, {} texts\n", file, prompts.size());
    for (const double temperature : {0.0, 1.0}) {
      for (const std::int64_t at_once : {1, 8}) {
        const Measured plain =
            answer(model, prompts, temperature, at_once, generate::Drafts::kNever);
        const Measured guessed =
            answer(model, prompts, temperature, at_once, generate::Drafts::kAlways);
        const Measured chosen =
            answer(model, prompts, temperature, at_once, generate::Drafts::kWherePaid);
        check(plain.answers == guessed.answers && plain.answers == chosen.answers,
              "guessing changed an answer to {}",
              file);
        fmt::print(
            "  temperature {}, {} at once: {:3.0f} % of the guesses are right; {:5.0f} tokens/s "
            "without, {:.2f}x always guessing, {:.2f}x where it pays\n",
            temperature,
            at_once,
            100 * guessed.acceptance,
            static_cast<double>(prompts.size() * kNew) / plain.seconds,
            plain.seconds / guessed.seconds,
            plain.seconds / chosen.seconds);
      }
    }
  }
}

}  // namespace rq::bench
