#include "review/queue.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "base/json.h"

namespace rq::review {
namespace {

namespace fs = std::filesystem;

Item item(const std::string& id) {
  return {.id = id,
          .messages = R"([{"role": "user", "content": "What is )" + id + R"(?"}])",
          .candidates = {{"first " + id, "v2.5"}, {"second " + id, "v2"}}};
}

std::vector<Item> items(int count) {
  std::vector<Item> all;
  for (int i = 0; i < count; ++i) {
    all.push_back(item(fmt::format("item{:03}", i)));
  }
  return all;
}

const Verdict kAccepts{.kind = Kind::kAccept};
const Verdict kRejects{.kind = Kind::kReject, .text = "wrong"};
const Verdict kFlags{.kind = Kind::kFlag, .text = "who knows physics?"};

class ReviewQueue : public testing::Test {
 protected:
  void SetUp() override { make_folder(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  // With `overlap` 0 one person judges an item, with 1 two do.
  Queue open(double overlap) {
    return Queue(path_, {.overlap = overlap, .lease_s = 60, .now_s = [this] { return now_s_; }});
  }
  static std::string next_id(Queue& queue, const std::string& reviewer) {
    const auto given = queue.next(reviewer);
    return given ? given->item.id : "none";
  }
  static std::string message(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  double now_s_ = 1000;
  fs::path folder_ = fs::path(testing::TempDir()) / fmt::format("review_{}", ::getpid());
  fs::path path_ = folder_ / "review.sqlite";
};

TEST_F(ReviewQueue, GivesItemsInOrderEachToOnePersonAtATime) {
  Queue queue = open(0);
  queue.add(items(2));
  const auto given = queue.next("Ada");
  ASSERT_TRUE(given.has_value());
  EXPECT_EQ(given->item.id, "item000");
  EXPECT_EQ(parse_json(given->item.messages, "")[0]["content"], "What is item000?");
  EXPECT_EQ(given->item.candidates.at(1).text, "second item000");
  EXPECT_EQ(given->item.candidates.at(1).origin, "v2");
  EXPECT_EQ(next_id(queue, "Ada"), "item000") << "it is before Ada until she judges it";
  EXPECT_EQ(next_id(queue, "Bo"), "item001");
  EXPECT_EQ(next_id(queue, "Cy"), "none");
  EXPECT_EQ(queue.share_of("Cy").open, 2) << "they may come back";
}

TEST_F(ReviewQueue, ALeaseEndsAndAVerdictThatComesLateCountsAllTheSame) {
  Queue queue = open(0);
  queue.add(items(1));
  EXPECT_EQ(next_id(queue, "Ada"), "item000");
  now_s_ += 59;
  EXPECT_EQ(next_id(queue, "Bo"), "none");
  now_s_ += 2;
  EXPECT_EQ(next_id(queue, "Bo"), "item000");
  EXPECT_EQ(next_id(queue, "Ada"), "none");
  queue.judge("Bo", "item000", kAccepts);
  EXPECT_TRUE(queue.is_complete());
  queue.judge("Ada", "item000", kRejects);
  EXPECT_EQ(queue.progress().states[State::kTied], 1);
}

TEST_F(ReviewQueue, IsFilledOnceHoweverOftenItIsFilled) {
  Queue queue = open(0);
  queue.add(items(2));
  queue.add(items(3));
  EXPECT_EQ(queue.progress().items(), 3);
  Item other = item("item001");
  other.candidates[0].text = "another";
  EXPECT_EQ(message([&] { queue.add(std::vector{item("new"), other}); }),
            "the item \"item001\" is in the queue with another prompt or other candidates");
  EXPECT_EQ(queue.progress().items(), 3) << "all or none";
}

TEST_F(ReviewQueue, RefusesItemsThatNobodyCouldJudge) {
  Queue queue = open(0);
  Item bad = item("a");
  bad.candidates.clear();
  EXPECT_EQ(message([&] { queue.add(std::vector{bad}); }), "the item \"a\" has no candidate");
  for (const char* const messages : {"[]",
                                     R"({"role": "user"})",
                                     R"([{"role": "user"}])",
                                     R"([{"role": "user", "content": 1}])",
                                     R"([{"role": "assistant", "content": "4"}])"}) {
    bad = item("a");
    bad.messages = messages;
    EXPECT_NE(message([&] { queue.add(std::vector{bad}); }).find("ends with a user's"),
              std::string::npos)
        << messages;
  }
  bad.messages = "[";
  EXPECT_NE(message([&] { queue.add(std::vector{bad}); }).find("messages of \"a\""),
            std::string::npos);
  EXPECT_EQ(queue.progress().items(), 0);
}

TEST_F(ReviewQueue, WhatComesOutIsWhatWasAcceptedOrWritten) {
  Queue queue = open(0);
  queue.add(items(4));
  queue.judge("Ada", "item002", {.kind = Kind::kEdit, .candidate = 0, .text = "mine <b>"});
  queue.judge("Bo", "item000", {.kind = Kind::kAccept, .candidate = 1});
  queue.judge("Bo", "item001", kRejects);
  queue.judge("Bo", "item003", {.kind = Kind::kEdit, .candidate = 1, .text = "second item003"});
  EXPECT_TRUE(queue.is_complete());
  const std::vector<Accepted> accepted = queue.accepted();
  ASSERT_EQ(accepted.size(), 3U);
  EXPECT_EQ(accepted[0].answer, "second item000");
  EXPECT_EQ(accepted[0].origin, "v2");
  EXPECT_EQ(accepted[0].reviewer, "Bo");
  EXPECT_EQ(accepted[1].answer, "mine <b>");
  EXPECT_EQ(accepted[1].origin, "v2.5");
  EXPECT_TRUE(accepted[1].was_edited);
  EXPECT_FALSE(accepted[2].was_edited) << "an edit that changes nothing";
  EXPECT_EQ(training_lines(std::span(accepted).subspan(1, 1)),
            R"({"messages":[{"role":"user","content":"What is item002?"},)"
            R"({"role":"assistant","content":"mine <b>"}]})"
            "\n");
}

TEST_F(ReviewQueue, RefusesVerdictsThatSayNothingOrNothingThatExists) {
  Queue queue = open(0);
  queue.add(items(1));
  const auto fault = [&](const std::string& id, const Verdict& verdict) {
    return message([&] { queue.judge("Ada", id, verdict); });
  };
  EXPECT_EQ(fault("item9", kAccepts), "there is no item \"item9\"");
  EXPECT_EQ(fault("item000", {.candidate = 2}),
            "\"item000\" has no candidate 2, but 2 (they count from 0)");
  EXPECT_NE(fault("item000", {.candidate = -1}).find("no candidate -1"), std::string::npos);
  for (const Kind kind : {Kind::kEdit, Kind::kReject, Kind::kFlag}) {
    EXPECT_NE(fault("item000", {.kind = kind, .text = " \n"}).find("takes a text"),
              std::string::npos);
  }
  EXPECT_NE(message([&] { queue.judge(" ", "item000", kAccepts); }).find("name"),
            std::string::npos);
  EXPECT_TRUE(queue.history("item000").empty());
  queue.judge("Ada", "item000", kAccepts);
  EXPECT_THROW(queue.judge("ada", "item000", kAccepts), AlreadyJudged) << "case is no difference";
}

TEST_F(ReviewQueue, OfSeveralAnswersTheLastThatSomebodyWroteComesOut) {
  Queue queue = open(1);
  queue.add(items(2));
  for (const char* const id : {"item000", "item001"}) {
    queue.judge("Ada", id, {.kind = Kind::kAccept, .candidate = 0});
    queue.judge("Bo", id, {.kind = Kind::kAccept, .candidate = 1});
  }
  queue.judge("Cy", "item001", {.kind = Kind::kEdit, .candidate = 0, .text = "written"});
  queue.judge("Di", "item001", {.kind = Kind::kAccept, .candidate = 1});
  EXPECT_EQ(queue.accepted().at(0).answer, "second item000");
  EXPECT_EQ(queue.accepted().at(1).answer, "written");
}

TEST_F(ReviewQueue, FlaggedItemsGoToSomebodyElseWithTheNote) {
  Queue queue = open(0);
  queue.add(items(2));
  queue.judge("Ada", "item000", kFlags);
  EXPECT_EQ(next_id(queue, "Ada"), "item001");
  queue.judge("Ada", "item001", kAccepts);
  EXPECT_EQ(next_id(queue, "Ada"), "none");
  EXPECT_FALSE(queue.is_complete());
  const auto given = queue.next("Bo");
  ASSERT_TRUE(given.has_value());
  EXPECT_EQ(given->item.id, "item000");
  ASSERT_EQ(given->said.size(), 1U);
  EXPECT_EQ(given->said[0].reviewer, "Ada");
  EXPECT_EQ(given->said[0].verdict.text, "who knows physics?");
  queue.judge("Bo", "item000", kRejects);
  EXPECT_TRUE(queue.is_complete());
  EXPECT_EQ(queue.progress().states[State::kRejected], 1);
}

TEST_F(ReviewQueue, WhereTwoDisagreeAThirdDecides) {
  Queue queue = open(1);
  queue.add(items(1));
  queue.judge("Ada", "item000", {.kind = Kind::kAccept, .candidate = 0});
  EXPECT_EQ(queue.progress().states[State::kWaiting], 1);
  const auto given = queue.next("Bo");
  ASSERT_TRUE(given.has_value());
  EXPECT_TRUE(given->said.empty()) << "the second judges unseen";
  queue.judge("Bo", "item000", kRejects);
  EXPECT_EQ(queue.progress().states[State::kTied], 1);
  EXPECT_TRUE(queue.accepted().empty());
  EXPECT_EQ(next_id(queue, "Ada"), "none");
  EXPECT_EQ(next_id(queue, "Cy"), "item000");
  queue.judge("Cy", "item000", {.kind = Kind::kEdit, .candidate = 1, .text = "better"});
  EXPECT_TRUE(queue.is_complete());
  ASSERT_EQ(queue.accepted().size(), 1U);
  EXPECT_EQ(queue.accepted()[0].answer, "better");
}

TEST_F(ReviewQueue, WhereThereIsNoThirdPersonOneOfTheTwoLooksAgain) {
  Queue queue = open(1);
  queue.add(items(2));
  queue.judge("Ada", "item000", kAccepts);
  queue.judge("Bo", "item000", kRejects);
  EXPECT_EQ(queue.share_of("Ada").open, 1);
  EXPECT_EQ(queue.share_of("Ada").again, 1);
  const auto given = queue.look_again("Ada");
  ASSERT_TRUE(given.has_value());
  EXPECT_EQ(given->said.size(), 2U);
  EXPECT_FALSE(queue.look_again("Bo").has_value()) << "Ada has it";
  queue.judge("Ada", "item000", kRejects);
  EXPECT_EQ(queue.progress().states[State::kRejected], 1);
  EXPECT_EQ(queue.progress().agreement.observed, 0) << "the first words count, not the talk";
  EXPECT_EQ(queue.undo("Ada")->verdict.kind, Kind::kReject);
  EXPECT_EQ(queue.progress().states[State::kTied], 1) << "what was replaced counts again";
  EXPECT_EQ(queue.history("item000").size(), 3U);
}

TEST_F(ReviewQueue, UndoTakesBackTheLastVerdictAndKeepsItAsHistory) {
  Queue queue = open(0);
  queue.add(items(3));
  EXPECT_FALSE(queue.undo("Ada").has_value());
  queue.judge("Ada", "item000", kRejects);
  now_s_ = 1001;
  queue.judge("Ada", "item001", {.kind = Kind::kEdit, .candidate = 1, .text = "mine"});
  queue.judge("Bo", "item002", kAccepts);
  now_s_ = 1002;
  const std::optional<Undone> undone = queue.undo("Ada");
  ASSERT_TRUE(undone.has_value());
  EXPECT_EQ(undone->given.item.id, "item001");
  EXPECT_EQ(undone->verdict.text, "mine");
  EXPECT_EQ(undone->verdict.candidate, 1);
  EXPECT_TRUE(undone->is_held);
  EXPECT_EQ(next_id(queue, "Bo"), "none") << "it is before Ada again";
  queue.judge("Ada", "item001", kAccepts);
  const std::vector<Judgement> history = queue.history("item001");
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].time_s, 1001);
  EXPECT_EQ(history[0].undone_s, 1002);
  EXPECT_FALSE(history[0].counts);
  EXPECT_FALSE(history[1].undone_s.has_value());
  EXPECT_EQ(queue.undo("Ada")->given.item.id, "item001");
  EXPECT_EQ(queue.undo("Ada")->given.item.id, "item000") << "and so on, backwards";
  EXPECT_EQ(queue.progress().done(), 1);
}

TEST_F(ReviewQueue, TheOverlapIsAShareOfTheItemsByTheirIds) {
  std::set<std::string> shared[2];  // the ids that wait for a second person
  for (const double overlap : {0.2, 0.5}) {
    fs::remove(path_);
    Queue queue = open(overlap);
    queue.add(items(100));
    auto& ids = shared[overlap == 0.5];
    for (const Item& one : items(100)) {
      queue.judge("Ada", one.id, kAccepts);
      if (queue.progress().states[State::kWaiting] > std::ssize(ids)) {
        ids.insert(one.id);
      }
    }
    EXPECT_NEAR(static_cast<double>(ids.size()) / 100, overlap, 0.1);
  }
  EXPECT_TRUE(std::ranges::includes(shared[1], shared[0])) << "it hangs on the id alone";
}

TEST_F(ReviewQueue, CountsWhatWasDoneByWhomAndHowFarPeopleAgree) {
  Queue queue = open(1);
  queue.add(items(6));
  EXPECT_FALSE(queue.progress().agreement.kappa.has_value());
  // Both accept 2, both reject 1, they disagree once: 3 of 4 alike; by chance (3 * 2 + 1 * 2) / 16.
  for (const auto& [id, ada, bo] : {std::tuple{"item000", kAccepts, kAccepts},
                                    {"item001", kAccepts, kAccepts},
                                    {"item002", kRejects, kRejects},
                                    {"item003", kAccepts, kRejects}}) {
    queue.judge("Bo", id, bo);
    queue.judge("Ada", id, ada);
  }
  queue.judge("Ada", "item004", kFlags);
  queue.judge("Cy", "item003", kRejects);
  Progress progress = queue.progress();
  EXPECT_EQ(progress.items(), 6);
  EXPECT_EQ(progress.done(), 4);
  EXPECT_EQ(progress.states[State::kFlagged], 1);
  EXPECT_EQ(progress.states[State::kNew], 1);
  EXPECT_EQ(progress.verdicts(Kind::kAccept), 5);
  EXPECT_EQ(progress.verdicts(Kind::kReject), 4);
  ASSERT_EQ(progress.reviewers.size(), 3U);
  EXPECT_EQ(progress.reviewers[0].name, "Ada");
  EXPECT_EQ(progress.reviewers[0].verdicts[Kind::kFlag], 1);
  ASSERT_EQ(progress.agreement.pairs.size(), 1U) << "a tie-break is no sample";
  EXPECT_EQ(progress.agreement.pairs[0].items, 4);
  EXPECT_NEAR(progress.agreement.kappa.value(), (0.75 - 0.5) / 0.5, 1e-12);
}

TEST_F(ReviewQueue, AKilledProcessLosesNothing) {
  const pid_t child = ::fork();
  if (child == 0) {
    Queue queue = open(0);
    queue.add(items(3));
    queue.judge("Ada", "item000", kAccepts);
    queue.judge("Ada", "item001", kRejects);
    ::raise(SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  Queue queue = open(0);
  EXPECT_EQ(queue.progress().done(), 2);
  EXPECT_EQ(next_id(queue, "Ada"), "item002");
}

TEST_F(ReviewQueue, TwoProcessesMayHaveItOpen) {
  Queue one = open(0), other = open(0);
  one.add(items(2));
  EXPECT_EQ(next_id(one, "Ada"), "item000");
  EXPECT_EQ(next_id(other, "Bo"), "item001");
  one.judge("Ada", "item000", kAccepts);
  other.judge("Bo", "item001", kAccepts);
  EXPECT_TRUE(one.is_complete());
  EXPECT_EQ(one.accepted().size(), 2U);
}

TEST_F(ReviewQueue, WhatIsNoQueueOrOfANewerFormatIsNamed) {
  write_file(path_, "no database at all, but long enough to be taken for one by its first bytes");
  EXPECT_EQ(message([&] { open(0); }),
            path_.string() + " is no review queue: file is not a database");
  const auto other = folder_ / "other.sqlite", newer = folder_ / "newer.sqlite";
  sqlite3* handle = nullptr;
  sqlite3_open(other.c_str(), &handle);
  sqlite3_exec(handle, "CREATE TABLE songs(name TEXT)", nullptr, nullptr, nullptr);
  sqlite3_close(handle);
  EXPECT_EQ(message([&] { Queue{other}; }),
            other.string() + " is no review queue: it is another program's database");
  {
    const Queue queue(newer);
  }
  sqlite3_open(newer.c_str(), &handle);
  sqlite3_exec(handle, "PRAGMA user_version = 2", nullptr, nullptr, nullptr);
  sqlite3_close(handle);
  EXPECT_EQ(message([&] { Queue{newer}; }),
            newer.string() + " is a review queue of format 2; this program knows format 1 alone");
  EXPECT_NE(message([&] { Queue{folder_ / "no/where"}; }).find("no/where: unable to open"),
            std::string::npos);
  EXPECT_EQ(message([&] { Queue(folder_ / "x", {.overlap = 1.5}); }),
            "overlap=1.5 must lie in [0, 1]");
}

TEST(Decide, CountsJudgementsAndAsksForMoreOnATie) {
  const auto decided = [](std::int64_t wanted, const std::vector<Kind>& kinds) {
    return decide(wanted, kinds);
  };
  using enum Kind;
  EXPECT_EQ(decided(1, {}), State::kNew);
  EXPECT_EQ(decided(1, {kEdit}), State::kAccepted);
  EXPECT_EQ(decided(1, {kFlag}), State::kFlagged);
  EXPECT_EQ(decided(1, {kFlag, kReject}), State::kRejected);
  EXPECT_EQ(decided(2, {kAccept}), State::kWaiting);
  EXPECT_EQ(decided(2, {kAccept, kFlag}), State::kFlagged);
  EXPECT_EQ(decided(2, {kAccept, kEdit}), State::kAccepted);
  EXPECT_EQ(decided(2, {kAccept, kReject}), State::kTied);
  EXPECT_EQ(decided(2, {kAccept, kReject, kFlag}), State::kTied);
  EXPECT_EQ(decided(2, {kAccept, kReject, kReject}), State::kRejected);
}

}  // namespace
}  // namespace rq::review
