#include "data/conversation.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace rq::data {
namespace {

constexpr std::array<std::pair<std::string_view, Role>, 6> kRoles = {{
    {"system", Role::kSystem},
    {"user", Role::kUser},
    {"assistant", Role::kAssistant},
    {"human", Role::kUser},  // ShareGPT's names from here on
    {"gpt", Role::kAssistant},
    {"chatgpt", Role::kAssistant},
}};

std::string_view name_of(Role role) {
  return std::ranges::find(kRoles, role, [](const auto& entry) { return entry.second; })->first;
}

// The text of a member that is text, or a list of text parts; nothing where it is absent.
std::string text_of(const Json& message, const char* key) {
  const auto found = message.find(key);
  if (found == message.end() || found->is_null()) {
    return {};
  }
  if (found->is_string()) {
    return found->get<std::string>();
  }
  std::string text;
  for (const Json& part : *found) {
    if (!part.is_object() || part.value("type", "") != "text" || !part.contains("text") ||
        !part["text"].is_string()) {
      throw BadConversation{"a message is not text"};
    }
    text += part["text"].get_ref<const std::string&>();
  }
  return text;
}

Message read_message(const Json& message) {
  if (!message.is_object()) {
    throw BadConversation{"a message is not an object"};
  }
  const bool is_sharegpt = message.contains("from");
  const auto role = message.find(is_sharegpt ? "from" : "role");
  if (role == message.end() || !role->is_string()) {
    throw BadConversation{"a message has no role"};
  }
  const auto known = std::ranges::find(
      kRoles, role->get_ref<const std::string&>(), [](const auto& entry) { return entry.first; });
  if (known == kRoles.end()) {
    throw BadConversation{"a role that is not system, user or assistant"};
  }
  Message read{known->second, text_of(message, is_sharegpt ? "value" : "content")};
  const std::string reasoning = text_of(message, "reasoning_content");
  if (!reasoning.empty()) {
    read.content = "<think>" + reasoning + "</think>" + read.content;
  }
  return read;
}

}  // namespace

Json Conversation::as_json() const {
  Json list = Json::array();
  for (const Message& message : messages) {
    list.push_back({{"role", name_of(message.role)}, {"content", message.content}});
  }
  return list;
}

std::string Conversation::document() const {
  return Json{{"messages", as_json()}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<Message> read_messages(const Json& messages) {
  if (!messages.is_array()) {
    throw BadConversation{"the messages are not a list"};
  }
  std::vector<Message> read;
  for (const Json& message : messages) {
    read.push_back(read_message(message));
    if (read.back().role == Role::kAssistant && read.back().content.empty()) {
      throw BadConversation{"an empty answer"};
    }
  }
  return read;
}

Conversation read_conversation(const Json& messages) {
  Conversation conversation{.messages = read_messages(messages)};
  if (std::ranges::find(conversation.messages, Role::kAssistant, &Message::role) ==
      conversation.messages.end()) {
    throw BadConversation{"no assistant turn"};
  }
  return conversation;
}

Conversation parse_conversation(std::string_view document, std::string_view origin) {
  const Json value = Json::parse(document, nullptr, /*allow_exceptions=*/false);
  check(
      value.is_object() && value.contains("messages"),
      "{}: \"{}...\" is no conversation; a box of them reads .jsonl files whose source.field holds "
      "lists of messages",
      origin,
      document.substr(0, 40));
  try {
    return read_conversation(value["messages"]);
  } catch (const BadConversation& bad) {
    fail("{}: {}: {}", origin, bad.reason, document.substr(0, 80));
  }
}

}  // namespace rq::data
