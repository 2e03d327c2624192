#pragma once
// Many requests at once through one network: each step takes one token of every answer that is
// under way and a share of the prompts that wait (continuous batching), and what a prompt has in
// common with one that was read before is not read again.
//
// A request's tokens and log-probabilities depend on it alone, to the bit: what else is under way,
// what was read before, whether it was set aside for want of pages, and whether tokens were guessed
// ahead change nothing.

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "generate/network.h"
#include "generate/sampling.h"

namespace rq::generate {

struct Token {
  std::int32_t token;
  float logprob;  // as score() gives it
  std::vector<TokenLogprob> alternatives =
      {};  // the most probable at this place, as many as asked for
};

// How an answer came to its end.
enum class Finish {
  kStop,       // an end token, or the listener had enough
  kLength,     // max_tokens, or the context is full
  kCancelled,  //
};

struct Outcome {
  Finish finish = Finish::kCancelled;
  std::int64_t reused_tokens = 0;   // of the prompt, that were in the cache
  std::int64_t drafted_tokens = 0;  // guessed ahead, of which were right:
  std::int64_t accepted_tokens = 0;
};

struct Request {
  std::vector<std::int32_t> prompt = {};  // at least one token
  Sampling sampling = {};
  std::int64_t max_tokens = 128;
  std::vector<std::int32_t> end_tokens = {};  // end the answer, and are no part of it
  std::int64_t alternatives = 0;              // how many are reported with each token
  bool scores_prompt = false;                 // whether on_prompt is wanted
  // The first token of the prompt that it tells of; what stands more than one place before need not
  // be read again where it was read for another request.
  std::int64_t scores_from = 1;
  // Log-probabilities are those after division by the temperature, which must not be 0, and not the
  // model's own: what a policy that is sampled at this temperature gives.
  bool is_tempered = false;

  // All three are called by step(), on its thread; they may call add() and cancel(), not step().
  // The prompt's tokens from `scores_from` on.
  std::function<void(std::vector<Token>)> on_prompt = {};
  // Each token as it comes; false ends the answer behind it.
  std::function<bool(const Token&)> on_token = {};
  std::function<void(const Outcome&)> on_finish = {};  // the last call
};

// Whether the layer of multi-token prediction, where the model has one, guesses a token further
// ahead, which the next step then checks (DeepSeek-V3 §5.4.3). Answers are the same, to the bit,
// with and without: a guess is drawn by the noise of its place, and counts where the model draws
// the same token there.
enum class Drafts {
  kNever,
  kWherePaid,  // given up, for a while, where steps take longer than guesses gain
  kAlways,
};

struct EngineConfig {
  std::int64_t cache_tokens = 0;    // that all sequences together remember; 0: 8 contexts' worth
  std::int64_t most_running = 256;  // answers under way at once
  std::int64_t step_tokens = 512;   // prompt tokens that a step reads at most
  int threads = 0;                  // 0: one a core
  Drafts drafts = Drafts::kWherePaid;

  std::int64_t cache_tokens_for(std::int64_t context) const {
    return cache_tokens > 0 ? cache_tokens : 8 * context;
  }
};

// Numbers since the start, and of now.
struct EngineStatus {
  std::int64_t running = 0, waiting = 0;
  std::int64_t pages_held = 0, pages = 0;
  std::int64_t prompt_tokens = 0;  // of the requests that began
  std::int64_t reused_tokens = 0;  // of those, already in the cache
  std::int64_t answer_tokens = 0;
  std::int64_t drafted_tokens = 0;  // guessed ahead, of which were right:
  std::int64_t accepted_tokens = 0;
  std::int64_t set_aside = 0;  // times that an answer lost its pages to an older one
};

class Engine {
 public:
  using Id = std::uint64_t;

  Engine(const model::Model& model, const EngineConfig& config);
  ~Engine();

  const model::ModelConfig& config() const;

  // Takes a request on; any thread. An Error where it cannot be served: an empty prompt, tokens
  // outside the vocabulary, no room in the context or the cache, settings that cannot be.
  Id add(Request request);
  // Ends a request, at the next step at the latest; nothing where it has ended. Any thread.
  void cancel(Id id);

  // Moves every request on. Whether any is left. One thread at a time.
  bool step();

  EngineStatus status() const;  // any thread

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The tokens that follow one prompt, without the end token; `on_token` is told of each.
std::vector<std::int32_t> continue_tokens(Engine& engine, Request request);

}  // namespace rq::generate
