#include "synth/internal/chat_completion.h"

#include <string>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/json.h"
#include "synth/testing/fake_endpoint.h"

namespace rq::synth {
namespace {

constexpr std::size_t kQuestion_bytes = 100;

ChatReply read(const Json& reply) {
  return read_chat_reply(reply.dump(), kQuestion_bytes);
}

ChatReply read_with_usage(const Json& usage) {
  Json reply = usual_reply();
  reply["choices"][0]["message"]["content"] = std::string(80, 'x');
  reply["usage"] = usage;
  return read(reply);
}

TEST(ChatReply, IsTextFinishReasonAndUsage) {
  const ChatReply reply = read(usual_reply());
  EXPECT_EQ(reply.answer.text, "forty-two");
  EXPECT_EQ(reply.answer.finish_reason, "stop");
  EXPECT_EQ(reply.answer.cost.prompt_tokens, 12);
  EXPECT_EQ(reply.answer.cost.answer_tokens, 3);
  EXPECT_TRUE(reply.is_usage_believed);
  EXPECT_EQ(reply.junk, "");
}

TEST(ChatReply, ReasoningStandsBeforeTheContentByEitherName) {
  for (const char* name : {"reasoning_content", "reasoning"}) {
    Json reply = usual_reply();
    reply["choices"][0]["message"][name] = "6 times 7\n";
    EXPECT_EQ(read(reply).answer.text, "<think>6 times 7\n</think>forty-two");
    reply["choices"][0]["message"][name] = nullptr;
    EXPECT_EQ(read(reply).answer.text, "forty-two");
  }
}

TEST(ChatReply, WhatIsNoAnswerIsJunk) {
  const auto junk_of = [](const char* path, const Json& value) {
    Json reply = usual_reply();
    reply[Json::json_pointer(path)] = value;
    return read(reply).junk;
  };
  EXPECT_EQ(read_chat_reply("<html>", 1).junk, "it is not a JSON object");
  EXPECT_EQ(read_chat_reply("[1]", 1).junk, "it is not a JSON object");
  EXPECT_EQ(read_chat_reply("", 1).junk, "it is not a JSON object");
  EXPECT_EQ(read_chat_reply("{\"choices\": \"\xFF\"}", 1).junk, "it is not a JSON object");
  EXPECT_EQ(junk_of("/choices", Json::array()), "it has no choices");
  EXPECT_EQ(junk_of("/choices", 7), "it has no choices");
  EXPECT_EQ(junk_of("/choices/0", "text"), "its content is not text");
  EXPECT_EQ(junk_of("/choices/0/message", nullptr), "its content is not text");
  EXPECT_EQ(junk_of("/choices/0/message/content", nullptr), "its content is not text");
  EXPECT_EQ(junk_of("/choices/0/message/content", Json::array()), "its content is not text");
  EXPECT_EQ(junk_of("/choices/0/message/content", ""), "its content is empty");
}

TEST(ChatReply, JunkCostsWhatItReports) {
  Json reply = usual_reply();
  reply["choices"][0]["message"] = {{"content", ""}, {"reasoning", std::string(400, 'x')}};
  reply["usage"] = {{"prompt_tokens", 30}, {"completion_tokens", 90}};
  EXPECT_EQ(read(reply).answer.text, "");
  EXPECT_EQ(read(reply).answer.cost.prompt_tokens, 30);
  EXPECT_EQ(read(reply).answer.cost.answer_tokens, 90);
  reply.erase("usage");
  EXPECT_EQ(read(reply).answer.cost.prompt_tokens, 0);
  EXPECT_EQ(read(reply).answer.cost.answer_tokens, 0);
}

TEST(ChatReply, UsageThatTheTextsDoNotAllowIsEstimated) {
  const auto expect_estimate = [](const Json& count) {
    const ChatReply of_answer =
        read_with_usage({{"prompt_tokens", 12}, {"completion_tokens", count}});
    EXPECT_FALSE(of_answer.is_usage_believed) << count;
    EXPECT_EQ(of_answer.answer.cost.prompt_tokens, 12) << count;
    EXPECT_EQ(of_answer.answer.cost.answer_tokens, 20) << count;
    const ChatReply of_prompt =
        read_with_usage({{"prompt_tokens", count}, {"completion_tokens", 12}});
    EXPECT_FALSE(of_prompt.is_usage_believed) << count;
    EXPECT_EQ(of_prompt.answer.cost.prompt_tokens, 25) << count;
    EXPECT_EQ(of_prompt.answer.cost.answer_tokens, 12) << count;
  };
  for (const char* count : {"null",
                            "-1",
                            "0",
                            "1.5",
                            "\"12\"",
                            "[]",
                            "100000",
                            "1e300",
                            "9223372036854775807",
                            "18446744073709551615"}) {
    expect_estimate(Json::parse(count));
  }
  EXPECT_EQ(read_with_usage(nullptr).answer.cost.prompt_tokens, 25);
  EXPECT_EQ(read_with_usage("free").answer.cost.answer_tokens, 20);
}

TEST(ChatReply, TokensFromOnePerByteToOnePerSixtyFourAreBelieved) {
  EXPECT_TRUE(
      read_with_usage({{"prompt_tokens", 1124}, {"completion_tokens", 96}}).is_usage_believed);
  EXPECT_FALSE(
      read_with_usage({{"prompt_tokens", 1125}, {"completion_tokens", 96}}).is_usage_believed);
  EXPECT_FALSE(
      read_with_usage({{"prompt_tokens", 1124}, {"completion_tokens", 97}}).is_usage_believed);
  EXPECT_TRUE(read_with_usage({{"prompt_tokens", 1}, {"completion_tokens", 1}}).is_usage_believed);
}

TEST(ChatReply, ReasoningThatIsKeptBackIsBelievedAsItIsReported) {
  Json usage = {{"prompt_tokens", 12}, {"completion_tokens", 5020}};
  EXPECT_FALSE(read_with_usage(usage).is_usage_believed);
  usage["completion_tokens_details"] = {{"reasoning_tokens", 5000}};
  EXPECT_EQ(read_with_usage(usage).answer.cost.answer_tokens, 5020);
  usage["completion_tokens_details"] = {{"reasoning_tokens", -5}};
  EXPECT_FALSE(read_with_usage(usage).is_usage_believed);
}

TEST(WordsOf, AreTheEndpointsOwnInOneLineWithoutTheKey) {
  EXPECT_EQ(words_of(R"({"error": {"message": "no such\nmodel"}})", ""), "no such model");
  EXPECT_EQ(words_of(R"({"error": "sk-1 is wrong, sk-1!"})", "sk-1"), "*** is wrong, ***!");
  EXPECT_EQ(words_of(R"({"message": "over"})", ""), "over");
  EXPECT_EQ(words_of("<html>\x1b[31m", ""), "<html> [31m");
  EXPECT_EQ(words_of("", "key"), "");
}

TEST(WordsOf, AreCutBetweenCharacters) {
  std::string long_text = "x";
  for (int i = 0; i < 200; ++i) {
    long_text += "é";
  }
  const std::string words = words_of(long_text, "");
  EXPECT_EQ(words.size(), 299 + 3);
  EXPECT_TRUE(words.ends_with("é..."));
}

TEST(Request, HoldsModelMessagesAndSampling) {
  const Question question{{{{"role", "user"}, {"content", "6 * 7?"}}}, {{"temperature", 0.5}}, 3};
  EXPECT_EQ(request_body({.model = "big"}, question),
            R"({"model":"big","messages":[{"role":"user","content":"6 * 7?"}],"temperature":0.5})");
  const AnswerKey key = key_of({.model = "big"}, question);
  EXPECT_EQ(key.teacher, "big");
  EXPECT_EQ(key.messages, R"([{"role":"user","content":"6 * 7?"}])");
  EXPECT_EQ(key.sampling, R"({"temperature":0.5})");
  EXPECT_EQ(key.sample, 3);
}

TEST(Request, PartsThatNoneCanBeMadeOfAreNamed) {
  const Json messages = {{{"role", "user"}, {"content", "?"}}};
  EXPECT_NO_THROW(check_question({messages, {{"temperature", 1}}, 0}));
  EXPECT_THROW(check_question({Json::array(), Json::object(), 0}), Error);
  EXPECT_THROW(check_question({"6 * 7?", Json::object(), 0}), Error);
  EXPECT_THROW(check_question({messages, 7, 0}), Error);
  EXPECT_THROW(check_question({messages, {{"n", 2}}, 0}), Error);
  EXPECT_THROW(check_question({messages, {{"stream", true}}, 0}), Error);
}

}  // namespace
}  // namespace rq::synth
