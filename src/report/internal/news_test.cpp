#include "report/internal/news.h"

#include <chrono>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace rq::report {
namespace {

using std::chrono::milliseconds;

TEST(News, WhoeverComesLateGetsTheLatestAtOnce) {
  News news;
  news.tell("a");
  news.tell("b");
  const News::Told told = news.wait_past(0, milliseconds(0));
  EXPECT_EQ(*told.text, "b");
  EXPECT_EQ(told.number, 2U);
}

TEST(News, TheSameAgainIsNoNews) {
  News news;
  news.tell("a");
  news.tell("a");
  EXPECT_EQ(news.wait_past(1, milliseconds(0)).number, 1U);
}

TEST(News, WhoWaitsIsWokenByNewsAndByTheEnd) {
  News news;
  News::Told first, last;
  {
    std::jthread waiting([&] {
      first = news.wait_past(0, milliseconds(60'000));
      last = news.wait_past(first.number, milliseconds(60'000));
    });
    news.tell("a");
    news.close();
  }
  EXPECT_EQ(*first.text, "a");
  EXPECT_TRUE(last.is_closed);
}

}  // namespace
}  // namespace rq::report
