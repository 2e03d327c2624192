// Who takes part in a step, and with what.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "generate/internal/engine_state.h"

namespace rq::generate {
namespace {

constexpr std::int64_t kScoredTokens = 128;  // a step's logits of a prompt that is scored

}  // namespace

// Takes over what other threads asked for.
void Engine::State::take_over() {
  std::vector<Sequence> arrivals;
  std::vector<Id> ended;
  {
    const std::lock_guard lock(mutex);
    arrivals.swap(added);
    ended.swap(cancelled);
    status.waiting += static_cast<std::int64_t>(arrivals.size());
  }
  for (Sequence& sequence : arrivals) {
    waiting.push_back(std::move(sequence));
  }
  for (const Id id : ended) {
    const auto is_meant = [id](const Sequence& sequence) { return sequence.id == id; };
    for (Sequence& sequence : running) {
      if (is_meant(sequence) && !sequence.finish) {
        sequence.finish = Finish::kCancelled;
      }
    }
    if (const auto found = std::ranges::find_if(waiting, is_meant); found != waiting.end()) {
      running.push_back(std::move(*found));
      running.back().finish = Finish::kCancelled;
      waiting.erase(found);
    }
  }
}

// Lets waiting requests begin, in their order, as long as pages for what is known of them are left.
void Engine::State::admit() {
  while (!waiting.empty() && static_cast<std::int64_t>(running.size()) < config.most_running) {
    Sequence& next = waiting.front();
    // One that begins as a prompt that is being read waits for that one's pages.
    const bool shares = std::ranges::any_of(running, [&](const Sequence& other) {
      const auto common =
          std::ranges::mismatch(next.reusable(), other.reusable()).in1 - next.reusable().begin();
      return other.reads_prompt() && common / kPageTokens > other.read / kPageTokens;
    });
    if (shares) {
      return;
    }
    next.pages = pool.reuse(next.reusable());
    next.published = static_cast<std::int64_t>(next.pages.size());
    next.read = next.published * kPageTokens;
    const std::int64_t needed = Sequence::pages_for(next.length() + 1) - next.published;
    if (needed > pool.available() && !running.empty()) {
      next.drop_pages(pool);
      return;
    }
    {
      const std::lock_guard lock(mutex);
      status.prompt_tokens += next.prompt_length();
      status.reused_tokens += next.read;
    }
    next.outcome.reused_tokens = next.read;
    next.is_drafted =
        drafts() && !(config.drafts == Drafts::kWherePaid &&
                      policy.is_given_up(static_cast<std::int64_t>(running.size()) + 1));
    running.push_back(std::move(next));
    waiting.pop_front();
  }
}

// Pages for so many positions, if need be those of the youngest, which begins anew later.
bool Engine::State::make_room(Sequence& sequence, std::int64_t positions) {
  while (!sequence.grow(pool, positions)) {
    Sequence& youngest = running.back();
    youngest.drop_pages(pool);
    const bool is_own = &youngest == &sequence;
    waiting.push_front(std::move(youngest));
    running.pop_back();
    const std::lock_guard lock(mutex);
    ++status.set_aside;
    if (is_own) {
      return false;
    }
  }
  return true;
}

// The sequence's part of a step, if it has one; false where the sequence was set aside.
bool Engine::State::plan_sequence(Sequence& sequence, std::int64_t& budget) {
  // What is left of the prompt is read first, then what was said before pages were lost.
  const bool is_prompt = sequence.reads_prompt();
  const std::int64_t end = is_prompt ? sequence.prompt_length() : sequence.length();
  const std::int64_t unscored = sequence.unscored() - sequence.read;
  std::int64_t count = end - sequence.read;
  if (count > 1 || is_prompt) {
    count = std::min(count, budget);
    if (sequence.is_scored()) {
      count = std::min(count, std::max<std::int64_t>(unscored, 0) + kScoredTokens);
    }
    budget -= count;
  }
  if (count == 0) {
    return true;
  }
  if (!make_room(sequence, sequence.read + count)) {
    return false;
  }
  const bool is_last = sequence.read + count == sequence.length();
  Part part{.sequence = &sequence, .tokens = count};
  part.wanted = sequence.is_scored()
                    ? std::max<std::int64_t>(count - std::max<std::int64_t>(unscored, 0), 0)
                : is_last ? 1
                          : 0;
  Span span{.tokens = std::span(sequence.tokens)
                          .subspan(static_cast<std::size_t>(sequence.read),
                                   static_cast<std::size_t>(count)),
            .first = sequence.read,
            .pages = sequence.pages,
            .is_expanded = is_prompt};
  if (sequence.draft && step_kind == DraftPolicy::Step::kDrafted && count == 1 &&
      sequence.length() + 1 < network.config().context &&
      sequence.grow(pool, sequence.length() + 1)) {
    sequence.last_and_draft = {sequence.tokens.back(), *sequence.draft};
    span.tokens = sequence.last_and_draft;
    span.pages = sequence.pages;
    part.has_draft = true;
    ++part.tokens;
    ++part.wanted;
  }
  span.wanted = part.wanted;
  parts.push_back(std::move(part));
  spans.push_back(span);
  return true;
}

void Engine::State::plan() {
  parts.clear();
  spans.clear();
  std::int64_t budget = config.step_tokens;
  if (drafts() && !running.empty()) {
    step_kind = config.drafts == Drafts::kAlways
                    ? DraftPolicy::Step::kDrafted
                    : policy.next(static_cast<std::int64_t>(running.size()));
  }
  for (auto sequence = running.begin(); sequence != running.end(); ++sequence) {
    if (!plan_sequence(*sequence, budget)) {
      return;  // it was the last one, and is no more
    }
  }
}

}  // namespace rq::generate
