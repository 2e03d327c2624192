#include "data/preference.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"

namespace rq::data {
namespace {

// The messages of a member: a text is the one message of a role.
std::vector<Message> messages_in(const Json& line, const char* key, Role role) {
  const auto found = line.find(key);
  if (found == line.end() || found->is_null()) {
    return {};
  }
  if (found->is_string()) {
    return {{role, found->get<std::string>()}};
  }
  return read_messages(*found);
}

// Takes the answer from the end of the messages.
std::string take_answer(std::vector<Message>& messages) {
  if (messages.empty() || messages.back().role != Role::kAssistant) {
    throw BadConversation{"no assistant turn"};
  }
  std::string answer = std::move(messages.back().content);
  messages.pop_back();
  if (answer.empty()) {
    throw BadConversation{"an empty answer"};
  }
  return answer;
}

}  // namespace

std::string Preference::document() const {
  return Json{{"messages", asked.as_json()}, {"chosen", chosen}, {"rejected", rejected}}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
}

Conversation Preference::with(const std::string& answer) const {
  Conversation answered = asked;
  answered.messages.push_back({Role::kAssistant, answer});
  return answered;
}

Preference read_preference(const Json& line) {
  const char* const before = line.contains("messages") ? "messages" : "prompt";
  std::vector<Message> asked = messages_in(line, before, Role::kUser);
  std::vector<Message> chosen = messages_in(line, "chosen", Role::kAssistant);
  std::vector<Message> rejected = messages_in(line, "rejected", Role::kAssistant);
  Preference preference;
  preference.chosen = take_answer(chosen);
  preference.rejected = take_answer(rejected);
  if (chosen != rejected) {
    throw BadConversation{"chosen and rejected answer different messages"};
  }
  if (asked.empty()) {
    asked = std::move(chosen);
  } else if (!chosen.empty() && chosen != asked) {
    throw BadConversation{"the prompt and the messages before the answers differ"};
  }
  if (asked.empty() || asked.back().role != Role::kUser) {
    throw BadConversation{"nobody asks before the answers"};
  }
  if (preference.chosen == preference.rejected) {
    throw BadConversation{"the chosen answer is the rejected one"};
  }
  preference.asked.messages = std::move(asked);
  return preference;
}

Preference parse_preference(std::string_view document, std::string_view origin) {
  const Json value = Json::parse(document, nullptr, /*allow_exceptions=*/false);
  check(
      value.is_object() && value.contains("chosen") && value.contains("rejected"),
      "{}: \"{}...\" is no preference; a box of them reads .jsonl files with chosen and rejected, "
      "and source.field = \"chosen\"",
      origin,
      document.substr(0, 40));
  try {
    return read_preference(value);
  } catch (const BadConversation& bad) {
    fail("{}: {}: {}", origin, bad.reason, document.substr(0, 80));
  }
}

}  // namespace rq::data
