#include "serve/answer_stream.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenizer/special_tokens.h"
#include "tokenizer/text_stream.h"

namespace rq::serve {

void AnswerStream::Queue::push(AnswerEvent event) {
  {
    const std::lock_guard lock(mutex);
    events.push_back(std::move(event));
  }
  changed.notify_one();
}

// Turns an answer's tokens into text; on the engine's thread.
struct AnswerStream::Listener {
  std::shared_ptr<Queue> queue;
  std::size_t answer;
  tokenizer::TextStream text;
  std::optional<std::int32_t> think_begin, think_end;
  bool is_reasoning;

  AnswerEvent event(std::string released) const {
    AnswerEvent event{.answer = answer};
    (is_reasoning ? event.reasoning : event.text) = std::move(released);
    return event;
  }

  bool take(const generate::Token& token) {
    const bool is_border = token.token == think_begin || token.token == think_end;
    AnswerEvent next = event(is_border ? text.finish() : text.push(token.token));
    if (is_border) {
      is_reasoning = token.token == think_begin;
    }
    next.tokens.push_back(token);
    queue->push(std::move(next));
    return !text.is_stopped();
  }

  void finish(const generate::Outcome& outcome) {
    AnswerEvent last = event(text.finish());
    last.outcome = outcome;
    if (text.is_stopped()) {
      last.outcome->finish = generate::Finish::kStop;
    }
    queue->push(std::move(last));
  }
};

AnswerStream::AnswerStream(ModelHost& host, std::vector<Wanted> wanted)
    : host_(host), queue_(std::make_shared<Queue>()), left_(wanted.size()) {
  try {
    for (Wanted& one : wanted) {
      const auto id_of = [&](std::string_view token) {
        return one.splits_reasoning ? host.tokenizer().id_of(token) : std::nullopt;
      };
      const auto think_begin = id_of(tokenizer::kThinkBegin);
      const std::vector<std::int32_t>& prompt = one.request.prompt;
      const auto listener = std::make_shared<Listener>(
          queue_,
          ids_.size(),
          tokenizer::TextStream(host.tokenizer(), std::move(one.stops)),
          think_begin,
          id_of(tokenizer::kThinkEnd),
          think_begin && !prompt.empty() && prompt.back() == *think_begin);
      one.request.on_token = [listener](const generate::Token& token) {
        return listener->take(token);
      };
      one.request.on_prompt = [listener](std::vector<generate::Token> tokens) {
        AnswerEvent event{.answer = listener->answer};
        event.prompt_tokens = std::move(tokens);
        listener->queue->push(std::move(event));
      };
      one.request.on_finish = [listener](const generate::Outcome& outcome) {
        listener->finish(outcome);
      };
      ids_.push_back(host.add(std::move(one.request)));
    }
  } catch (...) {
    for (const generate::Engine::Id id : ids_) {
      host.cancel(id);
    }
    throw;
  }
}

AnswerStream::~AnswerStream() {
  if (!is_over()) {
    for (const generate::Engine::Id id : ids_) {
      host_.cancel(id);
    }
  }
}

std::optional<AnswerEvent> AnswerStream::next(std::chrono::milliseconds patience) {
  std::unique_lock lock(queue_->mutex);
  if (!queue_->changed.wait_for(lock, patience, [this] { return !queue_->events.empty(); })) {
    return std::nullopt;
  }
  AnswerEvent event = std::move(queue_->events.front());
  queue_->events.pop_front();
  left_ -= event.outcome ? 1 : 0;
  return event;
}

}  // namespace rq::serve
