// POST /v1/chat/completions: the next turn of a conversation, with what the model thought before it
// set apart.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "serve/api_error.h"
#include "serve/reply.h"

namespace rq::serve {
namespace {

constexpr std::int64_t kMostAlternatives = 20;

// A message's content may be a list of parts, of which this takes texts.
Json plain_message(const Json& message, std::size_t index) {
  const std::string where = fmt::format("messages[{}]", index);
  if (!message.is_object() || !message.contains("role") || !message["role"].is_string()) {
    throw ApiError(400, where + " must be an object with a role", "messages");
  }
  Json plain = message;
  const Json content = message.contains("content") ? message["content"] : Json();
  if (content.is_array()) {
    std::string text;
    for (const Json& part : content) {
      if (!part.is_object() || !part.contains("text") || !part["text"].is_string()) {
        throw ApiError(400, where + ": only parts of type text are understood", "messages");
      }
      text += part["text"].get<std::string>();
    }
    plain["content"] = text;
  } else if (!content.is_string() && !(content.is_null() && message["role"] == "assistant")) {
    throw ApiError(400, where + ".content must be a text", "messages");
  }
  return plain;
}

class Chat : public Reply {
 public:
  Chat(ModelHost& host, const Json& body)
      : Reply(host,
              read_settings(body, host.vocabulary()),
              {.id = "chatcmpl", .object = "chat.completion", .chunk = "chat.completion.chunk"}),
        has_logprobs_(flag_or(body, "logprobs", false)) {
    const std::int64_t alternatives = integer_or(body, "top_logprobs", 0, 0, kMostAlternatives);
    if (alternatives > 0 && !has_logprobs_) {
      throw ApiError(400, "top_logprobs needs logprobs to be true", "top_logprobs");
    }
    const std::vector<std::int32_t> prompt =
        read_chat(host, body.contains("messages") ? body["messages"] : Json());
    const auto room = host.context() - static_cast<std::int64_t>(prompt.size());
    const std::int64_t max_tokens =
        integer_or(body,
                   "max_completion_tokens",
                   integer_or(body, "max_tokens", std::max<std::int64_t>(room, 1), 1, INT32_MAX),
                   1,
                   INT32_MAX);
    want(prompt, max_tokens, alternatives, false);
    for (AnswerStream::Wanted& one : wanted_) {
      one.splits_reasoning = true;
    }
    choices_.resize(static_cast<std::size_t>(settings_.n));
  }

  std::vector<Json> take(AnswerEvent event) override {
    count(event);
    Choice& choice = choices_[event.answer];
    if (!streams()) {
      choice.add(std::move(event));
      return {};
    }
    std::vector<Json> chunks;
    const std::size_t answer = event.answer;
    const auto say = [&](const Json& delta, const Json& logprobs, const Json& reason) {
      Json piece = chunk();
      piece["choices"] = Json::array({{{"index", answer},
                                       {"delta", delta},
                                       {"logprobs", logprobs},
                                       {"finish_reason", reason}}});
      chunks.push_back(std::move(piece));
    };
    if (!choice.is_begun) {
      choice.is_begun = true;
      say({{"role", "assistant"}, {"content", ""}}, Json(), Json());
    }
    Json delta = Json::object();
    if (!event.reasoning.empty()) {
      delta["reasoning_content"] = event.reasoning;
    }
    if (!event.text.empty()) {
      delta["content"] = event.text;
    }
    const bool has_news = !delta.empty() || (has_logprobs_ && !event.tokens.empty());
    if (has_news || event.outcome) {
      say(delta,
          has_logprobs_ && !event.tokens.empty() ? logprobs(event.tokens) : Json(),
          finish_reason(event.outcome));
    }
    return chunks;
  }

  Json whole() const override {
    Json reply = head();
    reply["choices"] = Json::array();
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      const Choice& choice = choices_[i];
      Json message = {{"role", "assistant"}, {"content", choice.text}};
      if (!choice.reasoning.empty()) {
        message["reasoning_content"] = choice.reasoning;
      }
      reply["choices"].push_back({{"index", i},
                                  {"message", message},
                                  {"logprobs", has_logprobs_ ? logprobs(choice.tokens) : Json()},
                                  {"finish_reason", finish_reason(choice.outcome)}});
    }
    reply["usage"] = usage();
    return reply;
  }

 private:
  struct Choice : Answered {
    bool is_begun = false;  // a stream has said something of it
  };

  Json describe(std::int32_t token, float logprob) const {
    Json bytes = Json::array();
    for (const char byte : host_.tokenizer().bytes_of(token)) {
      bytes.push_back(static_cast<unsigned char>(byte));
    }
    return {{"token", text_of(token)}, {"logprob", logprob}, {"bytes", bytes}};
  }

  Json logprobs(const std::vector<generate::Token>& tokens) const {
    Json content = Json::array();
    for (const generate::Token& token : tokens) {
      Json one = describe(token.token, token.logprob);
      one["top_logprobs"] = Json::array();
      for (const generate::TokenLogprob& other : token.alternatives) {
        one["top_logprobs"].push_back(describe(other.token, other.logprob));
      }
      content.push_back(std::move(one));
    }
    return {{"content", content}};
  }

  bool has_logprobs_;
  std::vector<Choice> choices_;
};

}  // namespace

std::vector<std::int32_t> read_chat(const ModelHost& host, const Json& messages) {
  if (!host.chat()) {
    throw ApiError(400, fmt::format("{} has no chat template: use /v1/completions", host.name()));
  }
  if (!messages.is_array() || messages.empty()) {
    throw ApiError(400, "messages must be a list of at least one message", "messages");
  }
  Json plain = Json::array();
  for (std::size_t i = 0; i < messages.size(); ++i) {
    plain.push_back(plain_message(messages[i], i));
  }
  try {
    return host.tokenizer().encode(host.chat()->render(plain));
  } catch (const Error& error) {
    throw ApiError(400, error.what(), "messages");
  }
}

std::unique_ptr<Reply> make_chat(ModelHost& host, const Json& body) {
  return std::make_unique<Chat>(host, body);
}

}  // namespace rq::serve
