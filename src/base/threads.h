#pragma once
// Independent pieces of work on several threads.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace rq {

// How many threads `wanted` stands for: 0 is one a core.
inline int threads_for(int wanted) {
  return wanted > 0 ? wanted : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Of several pieces of work that failed, the lowest one's exception. Any thread may call keep().
class LowestFailure {
 public:
  void keep(std::size_t index, std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (index < index_) {
      index_ = index;
      failure_ = std::move(failure);
    }
  }

  // Nothing where none failed. Only when all have ended.
  void rethrow() const {
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

 private:
  std::mutex mutex_;
  std::size_t index_ = std::numeric_limits<std::size_t>::max();
  std::exception_ptr failure_;
};

// Calls work(i) for each i below `count`, on up to `threads` threads, of which the caller's is one.
// The exception of the lowest i is thrown on when all have ended.
template <typename Work>
void for_each_index(std::size_t count, int threads, Work&& work) {
  std::atomic<std::size_t> next{0};
  LowestFailure failure;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        failure.keep(i, std::current_exception());
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    const std::size_t wanted = std::min(count, static_cast<std::size_t>(threads));
    for (std::size_t i = 1; i < wanted; ++i) {
      helpers.emplace_back(run);
    }
    run();
  }
  failure.rethrow();
}

}  // namespace rq
