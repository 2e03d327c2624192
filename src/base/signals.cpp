#include "base/signals.h"

#include <atomic>
#include <csignal>

namespace rq {

namespace {

// A handler has no other way to speak.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> is_stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch nothing else");

void on_signal(int signal) {
  is_stop_requested.store(true);
  std::signal(signal, SIG_DFL);  // the next one is meant seriously
}

}  // namespace

void catch_stop_signals() {
  std::signal(SIGTERM, on_signal);
  std::signal(SIGINT, on_signal);
}

void ignore_write_signals() {
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() {
  return is_stop_requested.load(std::memory_order_relaxed);
}

void request_stop(bool stop) {
  is_stop_requested.store(stop);
}

void throw_if_stopped() {
  if (stop_requested()) {
    throw Interrupted();
  }
}

}  // namespace rq
