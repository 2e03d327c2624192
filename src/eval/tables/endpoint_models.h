#pragma once
// Models behind endpoints of OpenAI's protocol as whom an evaluation asks.

#include <filesystem>
#include <span>
#include <string>

#include "eval/tables/subject.h"
#include "synth/answer_store.h"
#include "synth/completions.h"
#include "synth/endpoint.h"

namespace rq::eval {

// What a model says of a text: completions, with log-probabilities where the endpoint has them.
class CompletionsModel : public Subject {
 public:
  explicit CompletionsModel(synth::EndpointConfig config);

  Json identity() const override;
  std::string engine() const override;
  std::string refusal(Asked asked) const override;
  // An endpoint that tells no log-probabilities of the prompt is an Error that says so, once.
  void ask(std::span<const Request> requests, const OnReply& on_reply) override;

 private:
  synth::EndpointConfig config_;
  synth::Completions completions_;
};

// A model that can only be talked to: closed models, most servers of chat models.
class ChatModel : public Subject {
 public:
  // Answers are kept in `store`, so that none is paid for twice.
  ChatModel(const synth::EndpointConfig& config, const std::filesystem::path& store);

  Json identity() const override;
  std::string engine() const override;
  std::string refusal(Asked asked) const override;
  void ask(std::span<const Request> requests, const OnReply& on_reply) override;

 private:
  synth::EndpointConfig config_;
  synth::AnswerStore store_;
  synth::Endpoint endpoint_;
};

// What a reply of /completions with "echo" and "logprobs" says of the request's continuation; its
// `failure` says what is missing.
Reply read_likelihood(const Json& body, const Request& request);
// An answer of the same.
Reply read_completion(const Json& body);

}  // namespace rq::eval
