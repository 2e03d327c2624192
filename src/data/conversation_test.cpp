#include "data/conversation.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/check.h"

namespace rq::data {
namespace {

std::string document_of(std::string_view messages) {
  return read_conversation(Json::parse(messages)).document();
}

std::string reason_of(std::string_view messages) {
  try {
    return document_of(messages);
  } catch (const BadConversation& bad) {
    return std::string(bad.reason);
  }
}

TEST(Conversation, IsWrittenInOneWayWhateverFormItCameIn) {
  const std::string expected =
      R"({"messages":[{"role":"system","content":"Add."},{"role":"user","content":"2 + 2"},)"
      R"({"role":"assistant","content":"4"}]})";
  EXPECT_EQ(document_of(R"([{"role": "system", "content": "Add."},
                            {"role": "user", "content": [{"type": "text", "text": "2 + 2"}]},
                            {"content": "4", "role": "assistant", "name": "x"}])"),
            expected);
  EXPECT_EQ(
      document_of(R"([{"from": "system", "value": "Add."}, {"from": "human", "value": "2 + 2"},
                            {"from": "gpt", "value": "4"}])"),
      expected);
  const Conversation again = parse_conversation(expected, "box");
  EXPECT_EQ(again.messages.size(), 3);
  EXPECT_EQ(again.document(), expected);
}

TEST(Conversation, ReasoningStandsBeforeTheAnswerBetweenItsSigns) {
  const Conversation read = read_conversation(
      Json::parse(R"([{"role": "assistant", "content": "4", "reasoning_content": "2, 3, 4"}])"));
  EXPECT_EQ(read.messages[0].content, "<think>2, 3, 4</think>4");
}

TEST(Conversation, WhatCannotBeLearnedFromHasAReason) {
  EXPECT_EQ(reason_of(R"({"role": "user"})"), "the messages are not a list");
  EXPECT_EQ(reason_of(R"([])"), "no assistant turn");
  EXPECT_EQ(reason_of(R"([{"role": "user", "content": "hi"}])"), "no assistant turn");
  EXPECT_EQ(reason_of(R"([{"role": "assistant", "content": ""}])"), "an empty answer");
  EXPECT_EQ(reason_of(R"([{"role": "assistant", "content": null}])"), "an empty answer");
  EXPECT_EQ(reason_of(R"([{"role": "tool", "content": "x"}])"),
            "a role that is not system, user or assistant");
  EXPECT_EQ(reason_of(R"([{"content": "x"}])"), "a message has no role");
  EXPECT_EQ(reason_of(R"(["x"])"), "a message is not an object");
  EXPECT_EQ(reason_of(R"([{"role": "user", "content": [{"type": "image_url"}]}])"),
            "a message is not text");
  EXPECT_EQ(reason_of(R"([{"role": "user", "content": 3}])"), "a message is not text");
}

TEST(Conversation, ADocumentThatIsNoneNamesItsBoxAndTheWayOut) {
  try {
    parse_conversation("Call me Ishmael.", "data.prose");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string_view(error.what()).find("data.prose"), std::string_view::npos);
    EXPECT_NE(std::string_view(error.what()).find("source.field"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace rq::data
