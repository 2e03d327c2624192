#include "base/team.h"

#include <atomic>
#include <cassert>
#include <cstdint>
#include <limits>

namespace rq {
namespace {

constexpr std::uint64_t kParts = 0xffffffff;  // of Team::untaken_

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Returns once `value` is no longer `old`: looks for some ten microseconds, then sleeps.
template <typename T>
void wait_while(const std::atomic<T>& value, T old) {
  constexpr int kSpins = 600;
  for (int spin = 0; spin < kSpins; ++spin) {
    if (value.load(std::memory_order_acquire) != old) {
      return;
    }
    pause();
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

Team::Team(int threads) : size_(threads) {
  for (int member = 1; member < size_; ++member) {
    helpers_.emplace_back([this, member] { serve(member); });
  }
}

Team::~Team() {
  is_over_ = true;
  untaken_.fetch_add(kParts + 1);
  untaken_.notify_all();
}

void Team::share(std::int64_t count, Call call, const void* context) {
  assert(count <= std::numeric_limits<std::uint32_t>::max());
  loop_ = {.call = call, .context = context, .count = static_cast<std::uint32_t>(count)};
  undone_.store(loop_.count, std::memory_order_relaxed);
  const std::uint64_t number = untaken_.load(std::memory_order_relaxed) / (kParts + 1) + 1;
  untaken_.store(number * (kParts + 1) + loop_.count);
  untaken_.notify_all();
  while (do_part(0)) {
  }
  for (std::uint32_t left = undone_.load(std::memory_order_acquire); left > 0;
       left = undone_.load(std::memory_order_acquire)) {
    wait_while(undone_, left);
  }
}

void Team::serve(int member) {
  for (;;) {
    const std::uint64_t seen = untaken_.load(std::memory_order_acquire);
    if (is_over_) {
      return;
    }
    if ((seen & kParts) == 0) {
      wait_while(untaken_, seen);
    } else {
      do_part(member);
    }
  }
}

// Does a part of the loop that is announced; false where none is left. The loop can neither end nor
// change before a part that was taken is done.
bool Team::do_part(int member) {
  std::uint64_t untaken = untaken_.load(std::memory_order_acquire);
  do {
    if ((untaken & kParts) == 0) {
      return false;
    }
  } while (!untaken_.compare_exchange_weak(untaken, untaken - 1, std::memory_order_acq_rel));
  const Loop& loop = loop_;
  loop.call(loop.context, loop.count - static_cast<std::uint32_t>(untaken & kParts), member);
  if (undone_.fetch_sub(1, std::memory_order_acq_rel) == 1 && member != 0) {
    undone_.notify_all();
  }
  return true;
}

}  // namespace rq
