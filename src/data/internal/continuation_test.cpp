#include "data/internal/continuation.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "data/collect.h"
#include "data/conversation.h"
#include "data/internal/test_folder.h"
#include "data/store.h"

namespace rq::data {
namespace {

class Continuation : public testing::Test {
 protected:
  // A box of numbered sentences on lines of their own.
  void SetUp() override {
    std::string text;
    for (int i = 100; i < 400; ++i) {
      text += fmt::format("Sentence {} comes\n  before the next. ", i);
    }
    write_file(folder_ / "recipe/prose.txt", text);
    collect(
        {.source = {.glob = {"prose.txt"}}, .heldout = 0}, "prose", context_, folder_ / "prose");
  }
  TestFolder folder_;
  CollectContext context_ = {
      .recipe_folder = folder_ / "recipe", .cache_folder = folder_ / "cache", .boxes = {}};
  ContinuationConfig config_ = {
      .from = "prose", .count = 50, .opening_bytes = 80, .answer_bytes = 120};
};

TEST_F(Continuation, TheAnswerIsTheSentencesThatFollowTheRequests) {
  const DocumentStore texts(folder_ / "prose");
  for (std::int64_t i = 0; i < config_.count; ++i) {
    const Conversation made = parse_conversation(continuation_document(config_, texts, i), "made");
    ASSERT_EQ(made.messages.size(), 2);
    const std::string& request = made.messages[0].content;
    const std::string& answer = made.messages[1].content;
    const std::string last = request.substr(request.rfind("Sentence "));
    const int number = std::stoi(last.substr(9));
    EXPECT_EQ(last, fmt::format("Sentence {} comes before the next.", number));
    EXPECT_TRUE(answer.starts_with(fmt::format("Sentence {} comes before the next.", number + 1)))
        << answer;
    EXPECT_TRUE(answer.ends_with("."));
    EXPECT_LE(answer.size(), 120U);
    EXPECT_GT(answer.size(), 60U);  // as many as fit
  }
}

TEST_F(Continuation, SentencesThatDoNotFitAreRefusedWithTheKeysToRaise) {
  const DocumentStore texts(folder_ / "prose");
  config_.answer_bytes = 20;
  try {
    continuation_document(config_, texts, 0);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("continuation.opening_bytes"), std::string::npos);
  }
}

TEST_F(Continuation, ABoxOfThemIsOneOfConversations) {
  DataConfig box = {.source = {.continuation = config_}, .heldout = 0};
  context_.boxes = {{"prose", folder_ / "prose"}};
  EXPECT_EQ(box.content(), Content::kConversations);
  EXPECT_TRUE(box.problems().empty());
  collect(box, "writing", context_, folder_ / "writing");
  EXPECT_GT(DocumentStore(folder_ / "writing").size(), 30);  // of 50, some of them the same
}

}  // namespace
}  // namespace rq::data
