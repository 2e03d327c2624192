// What goes into a queue, to whom it is given, and what its file withstands.

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/json.h"
#include "review/internal/test_queue.h"
#include "review/queue.h"

namespace rq::review {
namespace {

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

TEST_F(ReviewQueue, TakesOverWhatWasSaidOfTheSameItemsInAnEarlierQueue) {
  const std::filesystem::path earlier = folder_ / "earlier.sqlite";
  {
    Queue before(earlier, {.overlap = 0, .now_s = [] { return 500.0; }});
    before.add(items(4));
    before.judge("Ada", "item001", kRejects);
    before.undo("Ada");
    before.judge("Ada", "item001", kAccepts);
    before.judge("Bo", "item002", kFlags);
    before.judge("Bo", "item000", kAccepts);
  }
  Queue queue = open(0);
  queue.add(std::vector{item("item003"), item("item002"), item("item001")});
  queue.judge("Cy", "item003", kAccepts);
  for (int times = 0; times < 2; ++times) {  // the second time there is nothing new
    queue.adopt(earlier);
    EXPECT_EQ(queue.accepted().size(), 2);
    EXPECT_EQ(queue.progress().states[State::kFlagged], 1);
    EXPECT_EQ(queue.history("item001").size(), 2);
    EXPECT_EQ(queue.history("item001")[0].undone_s, 500.0);
    EXPECT_EQ(queue.history("item001")[1].reviewer, "Ada");
  }
  EXPECT_EQ(next_id(queue, "Bo"), "none") << "Bo's flag asks for somebody else";
  EXPECT_EQ(next_id(queue, "Cy"), "item002");
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

TEST_F(ReviewQueue, TheOverlapIsAShareOfTheItemsByTheirIds) {
  std::set<std::string> shared[2];  // the ids that wait for a second person
  for (const double overlap : {0.2, 0.5}) {
    std::filesystem::remove(path_);
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

}  // namespace
}  // namespace rq::review
