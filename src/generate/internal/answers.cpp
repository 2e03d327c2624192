// What a step's logits say, and to whom.

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

std::vector<float> tempered(std::span<const float> logits, double temperature) {
  std::vector<float> scaled(logits.begin(), logits.end());
  for (float& logit : scaled) {
    logit /= static_cast<float>(temperature);
  }
  return scaled;
}

}  // namespace

// What the logits of a part say; any thread.
void Engine::State::choose(Part& part, std::span<const float> logits) const {
  Sequence& sequence = *part.sequence;
  const auto vocabulary = static_cast<std::size_t>(network.config().vocab_size);
  const auto row = [&](std::int64_t i) {
    return logits.subspan(static_cast<std::size_t>(part.first_row + i) * vocabulary, vocabulary);
  };
  const double temperature =
      sequence.request.is_tempered ? sequence.request.sampling.temperature : 1;
  const auto token_at = [&](std::span<const float> at, std::int32_t token) {
    std::vector<float> scaled;
    if (temperature != 1) {
      scaled = tempered(at, temperature);
      at = scaled;
    }
    return Token{.token = token,
                 .logprob = logprob_of(at, token),
                 .alternatives = sequence.request.alternatives > 0
                                     ? most_probable(at, sequence.request.alternatives)
                                     : std::vector<TokenLogprob>()};
  };
  // Row i stands behind this many tokens; what was said is scored, what was not is drawn.
  std::int64_t place = sequence.read + part.tokens - part.wanted + 1;
  const std::int64_t known = sequence.length();
  for (std::int64_t i = 0; i < part.wanted; ++i, ++place) {
    if (place < known) {
      part.scored.push_back(token_at(row(i), sequence.tokens[static_cast<std::size_t>(place)]));
      continue;
    }
    const std::int32_t drawn = sequence.sampler(row(i), sequence.said());
    part.next.push_back(token_at(row(i), drawn));
    if (!part.has_draft || drawn != *sequence.draft || place > known) {
      break;
    }
    sequence.tokens.push_back(drawn);  // the guess was right: the next row counts
  }
  sequence.tokens.resize(static_cast<std::size_t>(known));
}

// Takes in one token of the answer: tells the listener, and ends what has come to its end.
void Engine::State::report(Sequence& sequence, const Token& token) {
  const Request& request = sequence.request;
  const std::int64_t said = sequence.length() - sequence.prompt_length();
  if (said >= request.max_tokens) {
    sequence.finish = Finish::kLength;  // there was only a prompt to score
    return;
  }
  if (std::ranges::find(request.end_tokens, token.token) != request.end_tokens.end()) {
    sequence.finish = Finish::kStop;
    return;
  }
  sequence.tokens.push_back(token.token);
  {
    const std::lock_guard lock(mutex);
    ++status.answer_tokens;
  }
  const bool goes_on = !request.on_token || request.on_token(token);
  if (!goes_on) {
    sequence.finish = Finish::kStop;
  } else if (said + 1 == request.max_tokens || sequence.length() == network.config().context) {
    sequence.finish = Finish::kLength;
  }
}

void Engine::State::report(Part& part) {
  Sequence& sequence = *part.sequence;
  // The guess is no part of what was read unless it was right.
  const bool is_right = part.next.size() == 2;
  part.tokens -= part.has_draft && !is_right ? 1 : 0;
  sequence.read += part.tokens;
  sequence.draft.reset();
  if (part.has_draft) {
    sequence.outcome.drafted_tokens += 1;
    sequence.outcome.accepted_tokens += is_right ? 1 : 0;
    const std::lock_guard lock(mutex);
    status.drafted_tokens += 1;
    status.accepted_tokens += is_right ? 1 : 0;
  }
  for (Token& token : part.scored) {
    sequence.prompt_scores.push_back(std::move(token));
  }
  if (!part.next.empty() && sequence.is_scored() && sequence.request.on_prompt) {
    sequence.request.on_prompt(std::move(sequence.prompt_scores));
  }
  for (const Token& token : part.next) {
    if (!sequence.finish) {
      report(sequence, token);
    }
  }
}

// Lets the prediction layer read what the network has read in this step, and guess.
void Engine::State::guess() {
  std::vector<Span> ahead;
  std::vector<std::int64_t> rows;
  std::vector<Sequence*> guessing;
  std::int64_t row = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    Sequence& sequence = *part.sequence;
    const auto first_row = row;
    row += static_cast<std::int64_t>(spans[i].tokens.size());
    if (step_kind == DraftPolicy::Step::kGivenUp && !spans[i].is_expanded) {
      sequence.is_drafted = false;  // what it misses now it cannot read later
    }
    if (!sequence.is_drafted || sequence.finish) {
      continue;
    }
    const bool is_ready = sequence.unread() == 1;
    ahead.push_back({.tokens = std::span(sequence.tokens)
                                   .subspan(static_cast<std::size_t>(spans[i].first) + 1,
                                            static_cast<std::size_t>(part.tokens)),
                     .first = spans[i].first,
                     .pages = sequence.pages,
                     .is_expanded = spans[i].is_expanded,
                     .wanted = is_ready ? 1 : 0});
    rows.push_back(first_row);
    if (is_ready) {
      guessing.push_back(&sequence);
    }
  }
  if (ahead.empty()) {
    return;
  }
  const std::span<const float> logits = network.predict(ahead, rows);
  const auto vocabulary = static_cast<std::size_t>(network.config().vocab_size);
  network.share(static_cast<std::int64_t>(guessing.size()), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    Sequence& sequence = *guessing[index];
    sequence.draft =
        sequence.sampler(logits.subspan(index * vocabulary, vocabulary), sequence.said());
  });
}

// Tells the policy what a step took.
void Engine::State::learn(double seconds) {
  std::int64_t drafted = 0, accepted = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (spans[i].is_expanded) {
      return;
    }
    drafted += parts[i].has_draft ? 1 : 0;
    accepted += parts[i].next.size() == 2 ? 1 : 0;
  }
  const auto answers = static_cast<std::int64_t>(parts.size());
  if (drafted == answers) {
    policy.record(answers,
                  DraftPolicy::Step::kDrafted,
                  seconds,
                  static_cast<double>(accepted) / static_cast<double>(drafted));
  } else if (drafted == 0) {
    policy.record(answers, DraftPolicy::Step::kPlain, seconds, 0);
  }
}

// Gives back what finished requests held, and tells their listeners.
void Engine::State::retire() {
  std::list<Sequence> finished;
  for (auto sequence = running.begin(); sequence != running.end();) {
    const auto next = std::next(sequence);
    if (sequence->finish) {
      sequence->drop_pages(pool);
      finished.splice(finished.end(), running, sequence);
    }
    sequence = next;
  }
  {
    const std::lock_guard lock(mutex);
    status.running = static_cast<std::int64_t>(running.size());
    status.waiting = static_cast<std::int64_t>(waiting.size());
    status.pages_held = pool.held();
  }
  for (const Sequence& sequence : finished) {
    if (sequence.request.on_finish) {
      Outcome outcome = sequence.outcome;
      outcome.finish = *sequence.finish;
      sequence.request.on_finish(outcome);
    }
  }
}

}  // namespace rq::generate
