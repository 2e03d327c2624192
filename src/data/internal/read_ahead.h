#pragma once
// Rows made before they are asked for.

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "data/internal/row_maker.h"

namespace rq::data {

// A thread that keeps a queue of rows filled. Rows come out in the order they were made, so nothing
// depends on its pace.
class ReadAhead {
 public:
  explicit ReadAhead(RowMaker& maker) : maker_(maker) {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  }

  Row take() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return !rows_.empty() || failure_; });
    if (rows_.empty()) {
      std::rethrow_exception(failure_);
    }
    Row row = std::move(rows_.front());
    rows_.pop_front();
    lock.unlock();
    wanted_.notify_one();
    return row;
  }

  // How many rows to have in store.
  void want(std::size_t rows) {
    const std::scoped_lock lock(mutex_);
    capacity_ = std::max(capacity_, rows);
  }

 private:
  void work(const std::stop_token& stop) {
    try {
      while (true) {
        Row row = maker_.next();
        std::unique_lock lock(mutex_);
        if (!wanted_.wait(lock, stop, [&] { return rows_.size() < capacity_; })) {
          return;  // asked to stop
        }
        rows_.push_back(std::move(row));
        lock.unlock();
        ready_.notify_one();
      }
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      failure_ = std::current_exception();
      ready_.notify_one();
    }
  }

  RowMaker& maker_;
  std::mutex mutex_;
  std::condition_variable_any wanted_;
  std::condition_variable ready_;
  std::deque<Row> rows_;        // under mutex_, as the next two
  std::size_t capacity_ = 64;   // rows
  std::exception_ptr failure_;  // why no more rows come
  std::jthread thread_;         // last: it uses all of the above
};

}  // namespace rq::data
