#include "generate/engine.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "base/threads.h"
#include "generate/internal/engine_state.h"
#include "generate/score.h"

namespace rq::generate {
namespace {

double seconds_between(std::chrono::steady_clock::time_point begin,
                       std::chrono::steady_clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

std::int64_t pages_of(const EngineConfig& config, std::int64_t context) {
  return std::max<std::int64_t>(1, Sequence::pages_for(config.cache_tokens_for(context)));
}

}  // namespace

Engine::State::State(const model::Model& model, const EngineConfig& settings)
    : config(settings),
      network(model, pages_of(settings, model.config.context), threads_for(settings.threads)),
      pool(pages_of(settings, model.config.context)) {
  status.pages = pool.size();
}

void Engine::State::step() {
  take_over();
  retire();  // cancelled ones make room first
  admit();
  plan();
  if (!parts.empty()) {
    const auto began = std::chrono::steady_clock::now();
    const std::span<const float> logits = network(spans);
    std::int64_t row = 0;
    for (Part& part : parts) {
      part.first_row = row;
      row += part.wanted;
    }
    network.share(static_cast<std::int64_t>(parts.size()),
                  [&](std::int64_t i) { choose(parts[static_cast<std::size_t>(i)], logits); });
    const auto chosen = std::chrono::steady_clock::now();
    for (Part& part : parts) {
      report(part);
    }
    const auto reported = std::chrono::steady_clock::now();
    guess();
    for (Part& part : parts) {
      part.sequence->publish(pool);
    }
    const auto guessed = std::chrono::steady_clock::now();
    const bool counts_guess = step_kind == DraftPolicy::Step::kDrafted;
    learn(seconds_between(began, chosen) + (counts_guess ? seconds_between(reported, guessed) : 0));
    retire();
  }
}

Engine::Engine(const model::Model& model, const EngineConfig& config)
    : state_(std::make_unique<State>(model, config)) {}
Engine::~Engine() = default;

const model::ModelConfig& Engine::config() const {
  return state_->network.config();
}

EngineStatus Engine::status() const {
  const std::lock_guard lock(state_->mutex);
  EngineStatus status = state_->status;
  status.waiting += static_cast<std::int64_t>(state_->added.size());
  return status;
}

Engine::Id Engine::add(Request request) {
  const model::ModelConfig& model = config();
  const auto length = static_cast<std::int64_t>(request.prompt.size());
  check(length > 0, "the prompt is empty: there is nothing to continue");
  check_tokens(model, request.prompt);
  check(request.max_tokens >= 0, "max_tokens={} must not be negative", request.max_tokens);
  check(length + (request.max_tokens > 0 ? 1 : 0) <= model.context,
        "a prompt of {} tokens leaves no room in the model's context of {}",
        length,
        model.context);
  check(!request.scores_prompt || (request.scores_from >= 1 && request.scores_from <= length),
        "scores_from={} is no place behind the first token of a prompt of {}",
        request.scores_from,
        length);
  check(request.alternatives >= 0 && request.alternatives <= model.vocab_size,
        "{} alternatives were asked for of a vocabulary of {}",
        request.alternatives,
        model.vocab_size);
  const std::vector<std::string> problems = request.sampling.problems(model.vocab_size);
  check(problems.empty(), "{}", fmt::join(problems, "; "));
  check(!request.is_tempered || request.sampling.temperature > 0,
        "log-probabilities at the temperature 0 are asked for");
  const std::int64_t longest = std::min(length + request.max_tokens, model.context);
  check(Sequence::pages_for(longest) <= state_->pool.size(),
        "a prompt of {} tokens and {} to come need more than the cache's {} tokens",
        length,
        longest - length,
        state_->pool.size() * kPageTokens);
  const std::lock_guard lock(state_->mutex);
  const Id id = ++state_->last_id;
  state_->added.emplace_back(id, std::move(request));
  return id;
}

void Engine::cancel(Id id) {
  const std::lock_guard lock(state_->mutex);
  state_->cancelled.push_back(id);
}

bool Engine::step() {
  state_->step();
  const std::lock_guard lock(state_->mutex);
  return !state_->running.empty() || !state_->waiting.empty() || !state_->added.empty() ||
         !state_->cancelled.empty();
}

std::vector<std::int32_t> continue_tokens(Engine& engine, Request request) {
  std::vector<std::int32_t> tokens;
  request.on_token = [&tokens, listener = std::move(request.on_token)](const Token& token) {
    tokens.push_back(token.token);
    return !listener || listener(token);
  };
  bool is_over = false;
  request.on_finish = [&is_over](const Outcome&) { is_over = true; };
  engine.add(std::move(request));
  while (!is_over) {
    engine.step();
  }
  return tokens;
}

}  // namespace rq::generate
