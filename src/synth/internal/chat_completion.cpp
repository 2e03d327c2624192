#include "synth/internal/chat_completion.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/json.h"

namespace rq::synth {
namespace {

constexpr std::int64_t kBytesPerToken = 4;  // of an estimate
constexpr std::int64_t kMostBytesPerToken = 64;
constexpr std::int64_t kTemplateTokens = 1024;  // around a question
constexpr std::int64_t kEndTokens = 16;         // around an answer
constexpr std::int64_t kMostReasoningTokens = 1 << 20;
constexpr std::size_t kMostWords_bytes = 300;

std::string to_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The member of an object; null where there is none.
const Json& member(const Json& value, const char* key) {
  static const Json nothing;
  const auto found = value.is_object() ? value.find(key) : value.end();
  return found == value.end() ? nothing : *found;
}

std::string text_or_nothing(const Json& value) {
  return value.is_string() ? value.get<std::string>() : "";
}

// Nothing where it is no integer that a count can be.
std::optional<std::int64_t> count_of(const Json& value) {
  if (!value.is_number_integer()) {
    return std::nullopt;
  }
  const auto count = value.get<std::int64_t>();  // past its range: negative
  return count < 0 ? std::nullopt : std::optional(count);
}

std::int64_t estimate(std::size_t bytes) {
  return (static_cast<std::int64_t>(bytes) + kBytesPerToken - 1) / kBytesPerToken;
}

// A count of tokens that `bytes` of text allow; `more` are allowed beside them.
std::optional<std::int64_t> believed(const Json& value, std::size_t bytes, std::int64_t more) {
  const auto count = count_of(value);
  const auto size = static_cast<std::int64_t>(bytes);
  const bool is_possible =
      count.has_value() && *count <= size + more && *count >= size / kMostBytesPerToken;
  return is_possible ? count : std::nullopt;
}

std::int64_t hidden_reasoning_tokens(const Json& usage) {
  const auto count =
      count_of(member(member(usage, "completion_tokens_details"), "reasoning_tokens"));
  return std::min(count.value_or(0), kMostReasoningTokens);
}

void read_usage(ChatReply& reply, const Json& usage, std::size_t question_bytes) {
  const std::size_t answer_bytes = reply.answer.text.size();
  const auto prompt = believed(member(usage, "prompt_tokens"), question_bytes, kTemplateTokens);
  const auto answered = believed(member(usage, "completion_tokens"),
                                 answer_bytes,
                                 kEndTokens + hidden_reasoning_tokens(usage));
  reply.is_usage_believed = prompt.has_value() && answered.has_value();
  reply.answer.cost.prompt_tokens = prompt.value_or(estimate(question_bytes));
  reply.answer.cost.answer_tokens = answered.value_or(estimate(answer_bytes));
}

// Reasoning and content of the first choice; where there is no content, what is wrong.
void read_answer(ChatReply& reply, const Json& body) {
  const Json& choices = member(body, "choices");
  if (!choices.is_array() || choices.empty()) {
    reply.junk = "it has no choices";
    return;
  }
  const Json& message = member(choices.front(), "message");
  std::string reasoning = text_or_nothing(member(message, "reasoning_content"));
  if (reasoning.empty()) {
    reasoning = text_or_nothing(member(message, "reasoning"));  // vLLM's and OpenRouter's name
  }
  if (!reasoning.empty()) {
    reply.answer.text = "<think>" + reasoning + "</think>";
  }
  const Json& content = member(message, "content");
  if (!content.is_string() || content.get_ref<const std::string&>().empty()) {
    reply.junk = content.is_string() ? "its content is empty" : "its content is not text";
    return;
  }
  reply.answer.text += content.get_ref<const std::string&>();
  reply.answer.finish_reason = text_or_nothing(member(choices.front(), "finish_reason"));
}

}  // namespace

void check_question(const Question& question) {
  check(question.messages.is_array() && !question.messages.empty(),
        "a question's messages are no list: {}",
        to_text(question.messages).substr(0, 80));
  check(question.sampling.is_object(),
        "a question's sampling is no object: {}",
        to_text(question.sampling).substr(0, 80));
  for (const char* name : {"model", "messages", "stream", "n"}) {
    check(!question.sampling.contains(name), "a question's sampling must not hold \"{}\"", name);
  }
}

AnswerKey key_of(const EndpointConfig& config, const Question& question) {
  return {config.model, to_text(question.messages), to_text(question.sampling), question.sample};
}

std::string request_body(const EndpointConfig& config, const Question& question) {
  Json body = {{"model", config.model}, {"messages", question.messages}};
  body.update(question.sampling);
  return to_text(body);
}

ChatReply read_chat_reply(std::string_view body, std::size_t question_bytes) {
  ChatReply reply;
  const Json value = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!value.is_object()) {
    reply.junk = "it is not a JSON object";
    return reply;
  }
  read_answer(reply, value);
  const Json& usage = member(value, "usage");
  if (reply.junk.empty() || usage.is_object()) {
    read_usage(reply, usage, question_bytes);
  }
  if (!reply.junk.empty()) {
    reply.answer.text.clear();  // reasoning that came to nothing
  }
  return reply;
}

std::string words_of(std::string_view body, std::string_view key) {
  const Json value = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  const Json& error = member(value, "error");
  std::string words;
  for (const Json* place : {&member(error, "message"), &error, &member(value, "message")}) {
    words = words.empty() ? text_or_nothing(*place) : words;
  }
  if (words.empty()) {
    words = body;
  }
  for (std::size_t at = 0; !key.empty() && (at = words.find(key, at)) != std::string::npos;) {
    words.replace(at, key.size(), "***");
  }
  std::ranges::replace_if(words, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  if (words.size() > kMostWords_bytes) {
    std::size_t end = kMostWords_bytes;
    while (end > 0 && (words[end] & 0xC0) == 0x80) {  // inside a character
      --end;
    }
    words = words.substr(0, end) + "...";
  }
  return words;
}

}  // namespace rq::synth
