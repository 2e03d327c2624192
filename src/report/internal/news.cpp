#include "report/internal/news.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace rq::report {

void News::tell(std::string text) {
  const std::lock_guard lock(mutex_);
  if (latest_.text != nullptr && *latest_.text == text) {
    return;
  }
  latest_.text = std::make_shared<const std::string>(std::move(text));
  ++latest_.number;
  changed_.notify_all();
}

void News::close() {
  const std::lock_guard lock(mutex_);
  latest_.is_closed = true;
  changed_.notify_all();
}

News::Told News::wait_past(std::uint64_t number, std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, most, [&] { return latest_.number > number || latest_.is_closed; });
  return latest_;
}

}  // namespace rq::report
