#include "eval/tables/endpoint_models.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/hash.h"

namespace rq::eval {
namespace {

Json identity_of(const synth::EndpointConfig& config, std::string_view kind) {
  Json identity = {{"kind", kind}, {"endpoint", config.base_url}, {"model", config.model}};
  identity["digest"] = sha256(identity.dump());
  return identity;
}

const Json& member(const Json& value, const char* key) {
  static const Json nothing;
  const auto found = value.is_object() ? value.find(key) : value.end();
  return found == value.end() ? nothing : *found;
}

const Json& first_choice(const Json& body) {
  static const Json nothing;
  const Json& choices = member(body, "choices");
  return choices.is_array() && !choices.empty() ? choices.front() : nothing;
}

std::int64_t count_or(const Json& value, std::int64_t fallback) {
  return value.is_number_integer() ? value.get<std::int64_t>() : fallback;
}

// Characters, as Python's len() counts them, which text_offset is in.
std::int64_t characters_of(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

// Blanks at the end of a context are the continuation's: tokens begin with them.
std::size_t without_blanks(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? 0 : last + 1;
}

Json body_of(const Request& request) {
  if (request.asked == Asked::kText) {
    Json body = {{"prompt", request.context},
                 {"max_tokens", request.max_tokens},
                 {"temperature", request.temperature},
                 {"top_p", request.top_p},
                 {"seed", request.seed}};
    if (!request.stop.empty()) {
      body["stop"] = request.stop;
    }
    return body;
  }
  // Some endpoints want a token to come; it is behind what is scored.
  return {{"prompt", request.context + request.continuation},
          {"max_tokens", 1},
          {"temperature", 0},
          {"echo", true},
          {"logprobs", 1}};
}

// Whether no token of a map from tokens to log-probabilities is more probable.
bool is_most_probable(const Json& top, double logprob) {
  if (!top.is_object()) {
    return false;
  }
  for (const auto& [token, value] : top.items()) {
    if (value.is_number() && value.get<double>() > logprob) {
      return false;
    }
  }
  return true;
}

constexpr std::string_view kNoLogprobs =
    "the endpoint tells no log-probabilities of the prompt, as \"echo\" with \"logprobs\" asks for";

// Where each token begins, in characters.
std::vector<std::int64_t> offsets_of(const Json& logprobs) {
  std::vector<std::int64_t> offsets;
  const Json& given = member(logprobs, "text_offset");
  std::int64_t at = 0;
  const Json& tokens = member(logprobs, "tokens");
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_given = given.is_array() && i < given.size() && given[i].is_number_integer();
    offsets.push_back(is_given ? given[i].get<std::int64_t>() : at);
    at += tokens[i].is_string() ? characters_of(tokens[i].get_ref<const std::string&>()) : 0;
  }
  return offsets;
}

}  // namespace

Reply read_likelihood(const Json& body, const Request& request) {
  const Json& logprobs = member(first_choice(body), "logprobs");
  const Json& values = member(logprobs, "token_logprobs");
  const Json& top = member(logprobs, "top_logprobs");
  const std::vector<std::int64_t> offsets = offsets_of(logprobs);
  if (!values.is_array() || values.size() != offsets.size()) {
    return {.failure = std::string(kNoLogprobs)};
  }
  const std::string_view context(request.context);
  const std::int64_t begin = characters_of(context.substr(0, without_blanks(context)));
  const std::int64_t end = characters_of(request.context) + characters_of(request.continuation);
  Reply reply{.is_greedy = true};
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const std::int64_t next = i + 1 < offsets.size() ? offsets[i + 1] : end;
    if (offsets[i] >= end || next <= begin) {
      continue;
    }
    if (!values[i].is_number()) {
      return {.failure = i == 0 ? "the endpoint tells no log-probability of a first token: "
                                  "something must stand before it"
                                : std::string(kNoLogprobs)};
    }
    reply.logprob += values[i].get<double>();
    reply.is_greedy &=
        top.is_array() && i < top.size() && is_most_probable(top[i], values[i].get<double>());
    ++reply.tokens;
  }
  if (reply.tokens == 0) {
    return {.failure = std::string(kNoLogprobs)};
  }
  return reply;
}

Reply read_completion(const Json& body) {
  const Json& choice = first_choice(body);
  const Json& text = member(choice, "text");
  if (!text.is_string()) {
    return {.failure = "the reply holds no text"};
  }
  const auto& answer = text.get_ref<const std::string&>();
  return {.text = answer,
          .tokens = count_or(member(member(body, "usage"), "completion_tokens"),
                             characters_of(answer) / 4),
          .is_cut = member(choice, "finish_reason") == "length"};
}

CompletionsModel::CompletionsModel(synth::EndpointConfig config)
    : config_(std::move(config)), completions_(config_) {}

Json CompletionsModel::identity() const {
  return identity_of(config_, "completions");
}

std::string CompletionsModel::engine() const {
  return "endpoint, completions";
}

std::string CompletionsModel::refusal(Asked asked) const {
  if (asked == Asked::kChat) {
    return "completions continue texts; ask its /chat/completions (chat:MODEL@URL)";
  }
  return asked == Asked::kPassage ? "texts of any length are scored by models in folders alone"
                                  : "";
}

void CompletionsModel::ask(std::span<const Request> requests, const OnReply& on_reply) {
  std::vector<Json> bodies;
  bodies.reserve(requests.size());
  for (const Request& request : requests) {
    bodies.push_back(body_of(request));
  }
  completions_.post(bodies, [&](std::size_t i, const synth::CompletionReply& came) {
    const Request& request = requests[i];
    Reply reply = !came.failure.empty()           ? Reply{.failure = came.failure}
                  : request.asked == Asked::kText ? read_completion(came.body)
                                                  : read_likelihood(came.body, request);
    check(reply.failure != kNoLogprobs,
          "{}: {}; tasks of likelihoods need such an endpoint, or the model's folder",
          config_.base_url,
          kNoLogprobs);
    on_reply(i, std::move(reply));
  });
}

ChatModel::ChatModel(const synth::EndpointConfig& config, const std::filesystem::path& store)
    : config_(config), store_(store), endpoint_(config, store_) {}

Json ChatModel::identity() const {
  return identity_of(config_, "chat");
}

std::string ChatModel::engine() const {
  return "endpoint, chat";
}

std::string ChatModel::refusal(Asked asked) const {
  switch (asked) {
    case Asked::kChat:
      return {};
    case Asked::kText:
      return "a chat endpoint continues no text; ask it in the form of a chat";
    default:
      return "a chat endpoint tells no log-probabilities of texts that are given to it";
  }
}

void ChatModel::ask(std::span<const Request> requests, const OnReply& on_reply) {
  std::vector<synth::Question> questions;
  for (const Request& request : requests) {
    questions.push_back({.messages = request.messages,
                         .sampling = {{"temperature", request.temperature},
                                      {"top_p", request.top_p},
                                      {"max_tokens", request.max_tokens}},
                         .sample = request.sample});
  }
  const synth::EndpointAnswers got = endpoint_.ask(questions);
  for (std::size_t i = 0; i < got.answers.size(); ++i) {
    const synth::EndpointAnswer& one = got.answers[i];
    const bool is_answered =
        one.outcome == synth::Outcome::kAnswered || one.outcome == synth::Outcome::kStored;
    on_reply(i,
             is_answered ? Reply{.text = one.answer.text,
                                 .tokens = one.answer.cost.answer_tokens,
                                 .is_cut = one.answer.finish_reason == "length"}
                         : Reply{.failure = one.why.empty() ? "not asked" : one.why});
  }
}

}  // namespace rq::eval
