// Lengths of conversations and problems: counted on what a box holds, or will draw.

#include "pipeline/lengths.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/json.h"
#include "data/box_writer.h"
#include "data/conversation.h"
#include "data/worked_document.h"

namespace rq::pipeline {
namespace {

const TokenCount kTwoBytes(nullptr, 2);

std::string conversation(const std::string& question, const std::string& answer) {
  return data::Conversation{{{data::Role::kUser, question}, {data::Role::kAssistant, answer}}}
      .document();
}

TEST(Lengths, OfConversationsAreThoseOfQuestionsAndAnswersWithTheChatsMarks) {
  const std::vector<std::string> documents = {conversation("12345678", "1234"),
                                              conversation("1234", "12345678")};
  const auto lengths = lengths_of(documents, data::Content::kConversations, kTwoBytes);
  ASSERT_TRUE(lengths.has_value());
  EXPECT_DOUBLE_EQ(lengths->question, 3 + 3);
  EXPECT_DOUBLE_EQ(lengths->answer, 1 + 3);
  EXPECT_FALSE(lengths_of(documents, data::Content::kDocuments, kTwoBytes).has_value());
}

TEST(Lengths, OfProblemsThatAreDrawnAreCountedInTheFormThatTheBoxGivesThem) {
  data::SourceConfig source;
  source.asked = {.kinds = {"order"}, .count = 20, .answers = data::AnswerForm::kBare, .seed = 3};
  const auto bare = drawn_lengths(source, kTwoBytes);
  source.asked.answers = data::AnswerForm::kLong;
  const auto reasoned = drawn_lengths(source, kTwoBytes);
  source.asked.answers = data::AnswerForm::kNone;
  const auto asked = drawn_lengths(source, kTwoBytes);
  ASSERT_TRUE(bare && reasoned && asked);
  EXPECT_EQ(bare->question, reasoned->question);
  EXPECT_EQ(bare->question, asked->question);
  EXPECT_GT(reasoned->answer, 3 * bare->answer);
  EXPECT_EQ(asked->answer, 0);
  EXPECT_FALSE(drawn_lengths({}, kTwoBytes).has_value()) << "files alone can tell";
}

TEST(Lengths, OfABoxThatIsThereAreThoseOfItsDocuments) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("rorqual_lengths_" + std::to_string(::getpid()));
  const std::vector<std::string> documents(100, conversation("123456", "12"));
  data::write_box(folder, "box", documents, Json::object());
  const Known::Box box = look_into(folder, {}, kTwoBytes);
  EXPECT_EQ(box.documents, 100);
  ASSERT_TRUE(box.lengths.has_value());
  EXPECT_DOUBLE_EQ(box.lengths->question, 6);
  EXPECT_DOUBLE_EQ(box.lengths->answer, 2);
  std::filesystem::remove_all(folder);
}

TEST(Lengths, OfKindsTheShareThatIsProgramsIsKnown) {
  EXPECT_EQ(share_of_programs({"sum", "list-function"}), 0.5);
  EXPECT_EQ(share_of_programs({"number-function"}), 1);
  EXPECT_EQ(share_of_programs({}), 0);
}

}  // namespace
}  // namespace rq::pipeline
