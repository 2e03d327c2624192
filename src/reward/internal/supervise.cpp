#include "reward/internal/supervise.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "reward/internal/process_tree.h"
#include "reward/internal/spawn.h"

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgets to say that it is C
}

namespace rq::reward {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kWatchPeriod = std::chrono::milliseconds(10);
constexpr auto kTimeToStart = std::chrono::seconds(30);  // for bubblewrap, on a machine in trouble
constexpr auto kTimeToDie = std::chrono::seconds(5);     // for all processes, once they are killed

// The number after `key` in the lines that bubblewrap has finished writing.
std::optional<int> number_after(std::string_view key, std::string_view status) {
  status = status.substr(0, status.rfind('\n') + 1);
  const std::size_t at = status.find(key);
  if (status.empty() || at == std::string_view::npos) {
    return std::nullopt;
  }
  int number = 0;
  std::from_chars(status.data() + at + key.size(), status.data() + status.size(), number);
  return number;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// One sandbox from start to end.
class Supervisor {
 public:
  explicit Supervisor(const Limits& limits) : limits_(limits) {}
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  Ending run(const Launch& launch);

 private:
  void start(const Launch& launch);
  void wait_for_news();
  void read_output(Pipe& pipe, std::string& text);
  void read_status();
  void hold_to_limits();
  void end(Outcome why);
  void reap();

  const Limits& limits_;
  Pipe output_ = make_pipe();
  Pipe error_ = make_pipe();
  Pipe status_ = make_pipe();
  Clock::time_point began_;
  Clock::time_point deadline_;
  Clock::time_point next_watch_;
  pid_t outer_ = 0;  // bubblewrap, our child; 0 where there is nothing to wait for
  pid_t first_ = 0;  // process 1 of the sandbox, whose death is everybody's; 0: not yet
  Descriptor outer_process_;
  Descriptor first_process_;
  bool has_ended_ = false;
  std::string status_text_;
  Ending ending_;
};

// Where run() threw, nothing may go on.
Supervisor::~Supervisor() {
  if (outer_ != 0) {
    ::kill(outer_, SIGKILL);
    reap();
  }
}

Ending Supervisor::run(const Launch& launch) {
  start(launch);
  while (!has_ended_) {
    wait_for_news();
    read_output(output_, ending_.standard_output);
    read_output(error_, ending_.standard_error);
    read_status();
    hold_to_limits();
  }
  ending_.wall_s = std::chrono::duration<double>(Clock::now() - began_).count();
  ending_.exit_code = number_after("\"exit-code\": ", status_text_);
  reap();
  return std::move(ending_);
}

void Supervisor::start(const Launch& launch) {
  std::vector<int> descriptors = {
      launch.input.get(), output_.write.get(), error_.write.get(), status_.write.get()};
  static_assert(kStatusDescriptor == 3 && kFirstGiven == 4);
  for (const Descriptor& given : launch.given) {
    descriptors.push_back(given.get());
  }
  outer_ = spawn(launch.command, descriptors);
  began_ = Clock::now();
  deadline_ = began_ + kTimeToStart;
  next_watch_ = began_ + kWatchPeriod;
  outer_process_ = Descriptor(::pidfd_open(outer_, 0));
  // Gone already it can be where somebody else in this program waits for every child.
  if (!outer_process_.is_open() && errno != ESRCH) {
    throw MachineError(fmt::format("cannot watch the sandbox: {}", std::strerror(errno)));
  }
  output_.write = {};  // the pipes end when the sandbox does
  error_.write = {};
  status_.write = {};
}

void Supervisor::wait_for_news() {
  std::array<pollfd, 4> sources = {{{output_.read.get(), POLLIN, 0},
                                    {error_.read.get(), POLLIN, 0},
                                    {status_.read.get(), POLLIN, 0},
                                    {outer_process_.get(), POLLIN, 0}}};
  const auto wait = std::min(deadline_, next_watch_) - Clock::now();
  const auto wait_ms = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
  ::poll(sources.data(), sources.size(), static_cast<int>(std::max<std::int64_t>(0, wait_ms)));
  has_ended_ = !outer_process_.is_open() || (sources[3].revents & POLLIN) != 0;
}

// Takes what is there, up to the limit.
void Supervisor::read_output(Pipe& pipe, std::string& text) {
  std::array<char, 65536> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
  while (pipe.read.is_open() && !ending_.too_much) {
    const ssize_t got = ::read(pipe.read.get(), block.data(), block.size());
    if (got < 0) {
      return;  // nothing for now
    }
    if (got == 0) {
      pipe.read = {};
      return;
    }
    const std::int64_t used =
        std::ssize(ending_.standard_output) + std::ssize(ending_.standard_error);
    const std::int64_t kept = std::min<std::int64_t>(got, limits_.output_bytes - used);
    text.append(block.data(), static_cast<std::size_t>(kept));
    if (kept < got) {
      end(Outcome::kOutput);
    }
  }
}

void Supervisor::read_status() {
  std::array<char, 1024> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
  ssize_t got = 0;
  while ((got = ::read(status_.read.get(), block.data(), block.size())) > 0) {
    status_text_.append(block.data(), static_cast<std::size_t>(got));
  }
  if (got == 0) {
    status_.read = {};
  }
  const std::optional<int> first = number_after("\"child-pid\": ", status_text_);
  if (first_ != 0 || !first) {
    return;
  }
  first_ = *first;
  began_ = Clock::now();
  deadline_ = began_ + std::chrono::duration_cast<Clock::duration>(
                           std::chrono::duration<double>(limits_.wall_s));
  first_process_ = Descriptor(::pidfd_open(first_, 0));
  if (parent_of(first_) != outer_) {
    first_process_ = {};  // it has ended, and the number may be somebody else's
  }
}

void Supervisor::hold_to_limits() {
  const Clock::time_point now = Clock::now();
  if (now >= next_watch_ && first_process_.is_open()) {
    next_watch_ = now + kWatchPeriod;
    const std::int64_t bytes =
        resident_bytes(first_) + tmpfs_bytes(first_, "/tmp", limits_.folder_bytes);
    ending_.peak_bytes = std::max(ending_.peak_bytes, bytes);
    if (bytes > limits_.memory_bytes) {
      end(Outcome::kMemory);
    }
  }
  if (now < deadline_) {
    return;
  }
  if (first_ != 0 && !ending_.too_much) {
    end(Outcome::kTime);
  } else {
    ::pidfd_send_signal(outer_process_.get(), SIGKILL, nullptr, 0);
    deadline_ = now + kTimeToDie;
  }
}

// Kills the first process of the sandbox: the kernel then ends all others before bubblewrap, which
// waits for it, can end too, and counts what they used.
void Supervisor::end(Outcome why) {
  if (ending_.too_much) {
    return;
  }
  ending_.too_much = why;
  deadline_ = Clock::now() + kTimeToDie;
  const Descriptor& process = first_process_.is_open() ? first_process_ : outer_process_;
  ::pidfd_send_signal(process.get(), SIGKILL, nullptr, 0);
}

// Waits for the last process. The first of the sandbox has ended before bubblewrap did, but where
// that was killed from outside, or by the destructor.
void Supervisor::reap() {
  if (first_process_.is_open()) {
    ::pidfd_send_signal(first_process_.get(), SIGKILL, nullptr, 0);
    pollfd end = {first_process_.get(), POLLIN, 0};
    ::poll(&end, 1, static_cast<int>(std::chrono::milliseconds(kTimeToDie).count()));
  }
  rusage used{};
  pid_t reaped = 0;
  do {
    reaped = ::wait4(outer_, nullptr, 0, &used);
  } while (reaped < 0 && errno == EINTR);
  ending_.cpu_s = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  outer_ = 0;
}

}  // namespace

Ending supervise(const Launch& launch, const Limits& limits) {
  return Supervisor(limits).run(launch);
}

}  // namespace rq::reward
