#include "eval/tables/contamination.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "data/box_writer.h"
#include "eval/tables/cell.h"
#include "eval/tables/testing/small_task.h"

namespace rq::eval {
namespace {

QuestionSet asking(const std::vector<std::string>& texts) {
  QuestionSet set;
  for (const std::string& text : texts) {
    set.questions.push_back({.id = std::to_string(set.questions.size() + 1),
                             .shown = text,
                             .requests = {{.asked = Asked::kText, .context = text}}});
  }
  return set;
}

TEST(Contamination, QuestionsThatShareThirteenWordsWithADocumentAreNamed) {
  const testing::Folder folder;
  const std::vector<std::string> documents = {
      "Before it: one two three four five six seven eight nine ten eleven TWELVE, thirteen! And "
      "more.",
      R"({"messages": [{"role": "user", "content": "Is it so?"}, {"role": "assistant", "content": )"
      R"("It is."}]})"};
  data::write_box(folder.path() / "run" / "data" / "prose", "prose", documents, Json::object());
  const QuestionSet set = asking({
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
      "one two three four five six seven eight nine ten eleven twelve fourteen fifteen",
      "is it so",
      "is it",
  });
  const auto boxes = boxes_of_run(folder.path() / "run");
  const Contamination found = find_contamination({{"t", &set}}, boxes);
  EXPECT_EQ(found.documents, 2);
  EXPECT_EQ(found.found.at("t"), (std::set<std::string>{"1", "3"}));

  Record record{.making = {.task = "t"}, .lines = {{.id = "1"}, {.id = "2"}}};
  found.note(record);
  EXPECT_TRUE(record.lines[0].is_in_training);
  EXPECT_FALSE(record.lines[1].is_in_training);
}

TEST(Contamination, AFolderWithoutTrainingDataIsRefused) {
  const testing::Folder folder;
  EXPECT_THROW(boxes_of_run(folder.path()), Error);
}

}  // namespace
}  // namespace rq::eval
