#pragma once
// Conversations: what supervised fine-tuning learns from. In a data box each is a document, written
// in one way whatever file it came from:
//
//   {"messages":[{"role":"user","content":"2 + 2"},{"role":"assistant","content":"4"}]}
//
// Read are lists of {"role", "content"} as OpenAI's API has them (content also in text parts, with
// "reasoning_content" beside it as DeepSeek's has) and ShareGPT's lists of {"from", "value"}.

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace rq::data {

enum class Role { kSystem, kUser, kAssistant };

struct Message {
  Role role = Role::kUser;
  std::string content = {};  // of an answer, with its reasoning as <think>...</think> before it

  friend bool operator==(const Message&, const Message&) = default;
};

struct Conversation {
  std::vector<Message> messages;

  std::string document() const;
  // As chat templates take them.
  Json as_json() const;
};

// Messages in either form; throws BadConversation where they are none to learn from.
Conversation read_conversation(const Json& messages);
// The same for messages that need not end with an answer, nor hold one.
std::vector<Message> read_messages(const Json& messages);
// What document() wrote; an Error naming `origin` where it is not.
Conversation parse_conversation(std::string_view document, std::string_view origin);

// One of a few fixed sentences, by which the bad ones are counted.
struct BadConversation {
  std::string_view reason;
};

}  // namespace rq::data
