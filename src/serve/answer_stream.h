#pragma once
// The answers to one HTTP request as they come: the engine's thread puts events in, the request's
// thread takes them out.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "generate/engine.h"
#include "serve/model_host.h"

namespace rq::serve {

// Something new of one of the answers.
struct AnswerEvent {
  std::size_t answer = 0;                           // which
  std::string text = {};                            // that is certain now
  std::string reasoning = {};                       // the same, before </think>
  std::vector<generate::Token> tokens = {};         // that came
  std::vector<generate::Token> prompt_tokens = {};  // from the second on, where they are scored
  std::optional<generate::Outcome> outcome = {};    // the last event of an answer
};

class AnswerStream {
 public:
  struct Wanted {
    generate::Request request;
    std::vector<std::string> stops;
    // Whether what stands between the tokens <think> and </think> is set apart; a prompt that ends
    // with the first has begun it.
    bool splits_reasoning = false;
  };

  // Adds all requests to the host, or none and throws what the engine does.
  AnswerStream(ModelHost& host, std::vector<Wanted> wanted);
  // Cancels what is under way.
  ~AnswerStream();
  AnswerStream(const AnswerStream&) = delete;
  AnswerStream& operator=(const AnswerStream&) = delete;

  // The next event; nothing where none came in time. REQUIRES !is_over().
  std::optional<AnswerEvent> next(std::chrono::milliseconds patience);
  // Whether every answer's last event was taken.
  bool is_over() const { return left_ == 0; }

 private:
  // Outlives the stream where the engine still holds a listener.
  struct Queue {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<AnswerEvent> events;

    void push(AnswerEvent event);
  };
  struct Listener;

  ModelHost& host_;
  std::shared_ptr<Queue> queue_;  // with the listeners
  std::vector<generate::Engine::Id> ids_;
  std::size_t left_;
};

}  // namespace rq::serve
