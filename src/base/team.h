#pragma once
// Threads that share the parts of one loop after another, for work so short that handing it out
// must cost well under a microsecond:
//
//   Team team(threads);
//   team.share(rows, [&](std::int64_t row) { norm(row); });
//   team.share(panels, [&](std::int64_t i) { multiply(i); });
//
// The caller works too, and goes on when all parts are done; it never waits for a thread that has
// no part in its hands, so that one that lost its core to another process holds nobody up. Between
// loops the threads look out for the next one for some microseconds, and then sleep.

#include <atomic>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace rq {

class Team {
 public:
  // The caller of share() is one of `threads` >= 1.
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return size_; }

  // Calls part(i) for each i in [0, count), or part(i, member) with the number, below size(), of
  // the thread that does it; returns when all are done. Parts must not throw. One caller at a time.
  template <typename Part>
  void share(std::int64_t count, const Part& part) {
    const auto call = [](const void* context, std::int64_t i, int member) {
      const auto& of = *static_cast<const Part*>(context);
      if constexpr (std::is_invocable_v<const Part&, std::int64_t, int>) {
        of(i, member);
      } else {
        of(i);
      }
    };
    if (size_ == 1 || count <= 1) {
      for (std::int64_t i = 0; i < count; ++i) {
        call(&part, i, 0);
      }
      return;
    }
    share(count, call, &part);
  }

 private:
  using Call = void (*)(const void* context, std::int64_t i, int member);
  struct Loop {
    Call call = nullptr;
    const void* context = nullptr;
    std::uint32_t count = 0;
  };

  void share(std::int64_t count, Call call, const void* context);
  void serve(int member);
  bool do_part(int member);

  int size_;
  // Valid from when a loop is announced until its last part is done.
  Loop loop_;
  // The number of the loop in the upper half, its parts that nobody has taken in the lower.
  std::atomic<std::uint64_t> untaken_ = 0;
  std::atomic<std::uint32_t> undone_ = 0;
  std::atomic<bool> is_over_ = false;
  std::vector<std::jthread> helpers_;
};

}  // namespace rq
