#pragma once
// Preferences: of two answers to the same messages, the better one. What a reward model learns
// from. In a data box each is a document, written in one way whatever file it came from:
//
//   {"messages":[{"role":"user","content":"2 + 2"}],"chosen":"4","rejected":"5"}
//
// Read are the forms of TRL's data sets: "chosen" and "rejected" as texts or as lists of messages,
// with the messages before them in "prompt" (text or list), or at the head of both lists.

#include <string>
#include <string_view>

#include "base/json.h"
#include "data/conversation.h"

namespace rq::data {

struct Preference {
  Conversation asked = {};  // ends with a user's message
  std::string chosen = {}, rejected = {};

  std::string document() const;
  // The messages with an answer behind them.
  Conversation with(const std::string& answer) const;
};

// A line of a file in any of the forms; throws BadConversation where it is none to learn from.
Preference read_preference(const Json& line);
// What document() wrote; an Error naming `origin` where it is not.
Preference parse_preference(std::string_view document, std::string_view origin);

}  // namespace rq::data
