#pragma once
// The latest report, for many who wait for the next one.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace rq::report {

class News {
 public:
  // Any thread. What is the same as before is no news.
  void tell(std::string text);
  // Nobody waits from now on.
  void close();

  struct Told {
    std::uint64_t number = 0;  // 0: nothing yet
    std::shared_ptr<const std::string> text = {};
    bool is_closed = false;
  };
  // The latest, once it is newer than `number`; the same again where nothing came within `most`.
  Told wait_past(std::uint64_t number, std::chrono::milliseconds most);

 private:
  std::mutex mutex_;  // guards latest_
  std::condition_variable changed_;
  Told latest_;
};

}  // namespace rq::report
