#include "base/signals.h"

#include <csignal>

#include <gtest/gtest.h>

namespace rq {
namespace {

TEST(Signals, SigtermAsksToStopAndTheProcessLives) {
  catch_stop_signals();
  EXPECT_FALSE(stop_requested());
  EXPECT_NO_THROW(throw_if_stopped());
  std::raise(SIGTERM);
  EXPECT_TRUE(stop_requested());
  EXPECT_THROW(throw_if_stopped(), Interrupted);
  request_stop(false);
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace
}  // namespace rq
