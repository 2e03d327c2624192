#pragma once
// What a request is answered with: JSON in the form of OpenAI's API, as a whole or piece by piece.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "serve/answer_stream.h"
#include "serve/model_host.h"
#include "serve/request_fields.h"

namespace rq::serve {

// What is known of one answer.
struct Answered {
  std::string text = {}, reasoning = {};
  std::vector<generate::Token> prompt_tokens = {}, tokens = {};
  std::optional<generate::Outcome> outcome = {};

  void add(AnswerEvent event);
};

class Reply {
 public:
  // `object` is what the API calls a whole reply, and `chunk` a piece of one.
  struct Names {
    const char *id, *object, *chunk;
  };
  Reply(ModelHost& host, Settings settings, const Names& names);
  virtual ~Reply() = default;
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  bool streams() const { return settings_.streams; }
  bool streams_usage() const { return settings_.streams_usage; }

  std::size_t size() const { return wanted_.size(); }  // answers; before they are taken
  // What the engine is asked for; moved out once.
  std::vector<AnswerStream::Wanted> take_wanted() { return std::move(wanted_); }

  // Takes in an event, and returns what a stream says of it: none, one or more chunks.
  virtual std::vector<Json> take(AnswerEvent event) = 0;
  // All answers, when every event was taken.
  virtual Json whole() const = 0;
  // A chunk without answers that says what was used.
  Json usage_chunk() const;

 protected:
  // Adds `n` answers to a prompt, with seeds of their own.
  void want(const std::vector<std::int32_t>& prompt,
            std::int64_t max_tokens,
            std::int64_t alternatives,
            bool scores_prompt);
  Json head() const;   // of a whole reply: id, object, created, model
  Json chunk() const;  // the same of a piece
  void count(const AnswerEvent& event);
  Json usage() const;
  std::string text_of(std::int32_t token) const;  // sound UTF-8

  ModelHost& host_;
  Settings settings_;
  std::vector<AnswerStream::Wanted> wanted_;

 private:
  Json head(const char* object) const;

  Names names_;
  std::string id_;
  std::int64_t created_;
  std::int64_t prompt_tokens_ = 0, cached_tokens_ = 0, answer_tokens_ = 0;
};

// POST /v1/completions and /v1/chat/completions; an ApiError where the body asks for what cannot
// be.
std::unique_ptr<Reply> make_completion(ModelHost& host, const Json& body);
std::unique_ptr<Reply> make_chat(ModelHost& host, const Json& body);

// The text or token prompts of a completion, or a chat's one.
std::vector<std::vector<std::int32_t>> read_prompts(const ModelHost& host, const Json& prompt);
std::vector<std::int32_t> read_chat(const ModelHost& host, const Json& messages);

// "stop" or "length"; null where the answer goes on.
Json finish_reason(const std::optional<generate::Outcome>& outcome);

}  // namespace rq::serve
