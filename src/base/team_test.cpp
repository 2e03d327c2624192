#include "base/team.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace rq {
namespace {

TEST(Team, EachPartIsDoneOnceAndBeforeTheNextLoopBegins) {
  Team team(3);
  for (int pass = 0; pass < 500; ++pass) {
    std::vector<int> first(17), second(40);
    std::atomic<int> early = 0;
    team.share(17, [&](std::int64_t i) { ++first[static_cast<std::size_t>(i)]; });
    team.share(40, [&](std::int64_t i) {
      early += first[static_cast<std::size_t>(i) % 17] == 1 ? 0 : 1;
      ++second[static_cast<std::size_t>(i)];
    });
    EXPECT_EQ(first, std::vector<int>(17, 1));
    EXPECT_EQ(second, std::vector<int>(40, 1));
    EXPECT_EQ(early, 0);
  }
}

TEST(Team, SleepersWakeForTheNextLoopAndNobodyIsTwoMembers) {
  Team team(2);
  for (int pass = 0; pass < 3; ++pass) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::atomic<int> met = 0;
    std::vector<int> members(2);
    // Neither part ends before both have begun, so that two threads must take one each.
    team.share(2, [&](std::int64_t i, int member) {
      members[static_cast<std::size_t>(i)] = member;
      ++met;
      while (met < 2) {
        std::this_thread::yield();
      }
    });
    EXPECT_EQ((std::set<int>(members.begin(), members.end())), (std::set<int>{0, 1}));
  }
}

TEST(Team, OneAloneWorksOnTheCallersThread) {
  Team team(1);
  int sum = 0;
  team.share(5, [&](std::int64_t i) { sum += static_cast<int>(i); });
  team.share(0, [&](std::int64_t) { sum = -1; });
  EXPECT_EQ(sum, 10);
}

}  // namespace
}  // namespace rq
