#include "pipeline/kinds/review.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "data/store.h"
#include "pipeline/runner.h"
#include "pipeline/status.h"
#include "review/queue.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

std::string line(std::string_view question, std::string_view answer) {
  return Json({{"messages",
                {{{"role", "user"}, {"content", question}},
                 {{"role", "assistant"}, {"content", answer}}}}})
             .dump() +
         "\n";
}

// Three questions, one with two answers, and an answer that breaks a rule.
class ReviewProcessTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    make_folder(folder_);
    write_file(folder_ / "answers.jsonl",
               line("Who?", "Ada wrote it.") + line("Who?", "Bo wrote it.") +
                   line("Why?", "It rained all night.") + line("Where?", "no no no no no no no"));
    write_recipe("people", "");
    options_ = {.recipe = folder_ / "r.toml", .run_dir = folder_ / "run"};
    options_.say = [this](std::string_view text) { said_ += std::string(text) + "\n"; };
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write_recipe(std::string_view reviewer, std::string_view more) {
    write_file(folder_ / "r.toml",
               fmt::format("name = 'r'\n[data.answers]\nheldout = 0\nsource.glob = "
                           "['answers.jsonl']\nsource.field = 'messages'\n"
                           "[process.check]\nkind = 'review'\nfrom = ['answers']\nreview = '{}'\n"
                           "overlap = 0\n{}\nmakes = 'checked'\n"
                           "[process.again]\nkind = 'review'\nfrom = ['checked']\nreview = "
                           "'rules'\nmakes = 'twice-checked'\n"
                           "[process.apart]\nkind = 'review'\nfrom = ['answers']\nreview = "
                           "'rules'\nmakes = 'apart'\n",
                           reviewer,
                           more));
  }
  // What the run throws where people must act.
  std::string waits() {
    try {
      run_recipe(options_, {review_kind()});
    } catch (const Waiting& waiting) {
      return waiting.what();
    }
    return "waits for nobody";
  }
  review::Queue queue() const { return review::Queue(folder_ / "run/work/check/review.sqlite"); }
  static void accept_all(review::Queue& queue) {
    while (const auto given = queue.next("Ada")) {
      queue.judge("Ada", given->item.id, {.kind = review::Kind::kAccept, .candidate = 0});
    }
  }
  std::string status_of(std::string_view id) const {
    for (const StatusRow& row : read_status(options_.run_dir)) {
      if (row.node.id == id) {
        return status_table({row});
      }
    }
    return "";
  }

  fs::path folder_ =
      fs::path(testing::TempDir()) / fmt::format("rorqual_review_process_{}", ::getpid());
  RunOptions options_;
  std::string said_;
};

TEST_F(ReviewProcessTest, WaitsForPeopleWhileOtherBranchesGoOnAndThenTakesWhatTheyAccepted) {
  const std::string waiting = waits();
  EXPECT_NE(waiting.find("2 steps wait for people"), std::string::npos) << waiting;
  EXPECT_NE(waiting.find("0 of 2 answers are judged; to judge the others: ./rorqual review " +
                         options_.run_dir.string() + " --process check"),
            std::string::npos)
      << waiting;
  EXPECT_TRUE(fs::exists(folder_ / "run/data/apart"));
  EXPECT_FALSE(fs::exists(folder_ / "run/data/checked"));
  EXPECT_NE(status_of("process.check").find("for people"), std::string::npos);
  EXPECT_NE(status_of("process.again").find("waiting"), std::string::npos);

  review::Queue judged = queue();
  const auto who = judged.next("Ada");
  ASSERT_TRUE(who);
  ASSERT_EQ(who->item.candidates.size(), 2);
  judged.judge("Ada", who->item.id, {.kind = review::Kind::kAccept, .candidate = 1});
  EXPECT_NE(waits().find("1 of 2 answers are judged"), std::string::npos);
  const auto why = judged.next("Ada");
  judged.judge("Ada",
               why->item.id,
               {.kind = review::Kind::kEdit, .candidate = 0, .text = "Nobody knows for sure."});
  EXPECT_EQ(waits(), "waits for nobody");
  const data::DocumentStore made(folder_ / "run/data/checked");
  ASSERT_EQ(made.size(), 2);
  EXPECT_NE(std::string(made[0]).find("Bo wrote it."), std::string::npos);
  EXPECT_NE(std::string(made[1]).find("Nobody knows for sure."), std::string::npos);
  const std::string manifest = read_file(folder_ / "run/data/checked/manifest.json");
  EXPECT_NE(manifest.find("\"human_checked\": true"), std::string::npos) << manifest;
  EXPECT_NE(manifest.find("\"most_repeated\": 1"), std::string::npos) << manifest;
  EXPECT_TRUE(fs::exists(folder_ / "run/data/twice-checked"));
}

TEST_F(ReviewProcessTest, VerdictsOnWhatComesAgainAreNotAskedForTwice) {
  waits();
  {
    review::Queue judged = queue();
    accept_all(judged);
  }
  EXPECT_EQ(waits(), "waits for nobody");
  write_file(folder_ / "answers.jsonl",
             line("Who?", "Ada wrote it.") + line("Who?", "Bo wrote it.") +
                 line("When?", "At nine in the evening."));
  EXPECT_NE(waits().find("1 of 2 answers are judged"), std::string::npos);
  EXPECT_EQ(queue().next("Bo")->item.messages, R"([{"role":"user","content":"When?"}])");
}

TEST_F(ReviewProcessTest, RulesAloneTakeTheFirstCandidateAndSayThatNobodyLooked) {
  write_recipe("rules", "rules.without = ['rained']");
  EXPECT_EQ(waits(), "waits for nobody");
  const data::DocumentStore made(folder_ / "run/data/checked");
  ASSERT_EQ(made.size(), 1);
  EXPECT_NE(std::string(made[0]).find("Ada wrote it."), std::string::npos);
  EXPECT_NE(read_file(folder_ / "run/data/checked/manifest.json").find("\"human_checked\": false"),
            std::string::npos);
  EXPECT_NE(said_.find("no person looked at them"), std::string::npos) << said_;
}

}  // namespace
}  // namespace rq::pipeline
