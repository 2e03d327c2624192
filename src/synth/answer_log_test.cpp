#include "synth/answer_log.h"

#include <unistd.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/format.h"

namespace rq::synth {
namespace {

TEST(AnswerLog, GoesOnBehindWhatAKillLeft) {
  const auto path =
      std::filesystem::temp_directory_path() / fmt::format("rorqual-answers-{}.jsonl", ::getpid());
  std::filesystem::remove(path);
  {
    AnswerLog log(path);
    log.add("a", 0, {.text = "one", .tokens = 3});
    log.add("a", 1, {.text = "two", .tokens = 5, .is_cut = true});
  }
  write_file(path, read_file(path) + R"({"question":"b","sam)");  // a kill in the middle of a line
  AnswerLog log(path);
  ASSERT_NE(log.find("a", 1), nullptr);
  EXPECT_EQ(log.find("a", 0)->text, "one");
  EXPECT_EQ(log.find("a", 1)->tokens, 5);
  EXPECT_TRUE(log.find("a", 1)->is_cut);
  EXPECT_EQ(log.find("b", 0), nullptr);
  log.add("b", 0, {.text = "three"});
  EXPECT_EQ(AnswerLog(path).find("b", 0)->text, "three");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace rq::synth
