#include "base/threads.h"

#include <atomic>
#include <cstddef>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace rq {
namespace {

TEST(Threads, EachIndexIsWorkedOnOnce) {
  for (const int threads : {1, 2, 7}) {
    for (const std::size_t count : {0, 1, 3, 1000}) {
      std::vector<std::atomic<int>> calls(count);
      for_each_index(count, threads, [&](std::size_t i) { ++calls[i]; });
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(calls[i], 1) << i << " of " << count << " on " << threads << " threads";
      }
    }
  }
}

TEST(Threads, OneThreadIsTheCallersOwn) {
  std::set<std::thread::id> seen;
  for_each_index(100, 1, [&](std::size_t) { seen.insert(std::this_thread::get_id()); });
  EXPECT_EQ(seen, std::set{std::this_thread::get_id()});
}

TEST(Threads, TheLowestFailureIsThrownOnWhenAllHaveEnded) {
  std::atomic<int> done = 0;
  std::string thrown;
  try {
    for_each_index(100, 4, [&](std::size_t i) {
      ++done;
      if (i % 10 == 7) {
        throw std::runtime_error(std::to_string(i));
      }
    });
  } catch (const std::runtime_error& error) {
    thrown = error.what();
  }
  EXPECT_EQ(thrown, "7");
  EXPECT_EQ(done, 100);
}

TEST(Threads, NoNumberOfThreadsMeansOneACore) {
  EXPECT_EQ(threads_for(3), 3);
  EXPECT_GE(threads_for(0), 1);
}

}  // namespace
}  // namespace rq
