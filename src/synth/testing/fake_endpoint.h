#pragma once
// An endpoint of chat completions inside the test's own process, on loopback, that behaves as it is
// told.

#include <httplib.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json.h"

namespace rq::synth {

inline Json usual_reply() {
  return Json::parse(R"({
    "choices": [{"message": {"role": "assistant", "content": "forty-two"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 12, "completion_tokens": 3}})");
}

class FakeEndpoint {
 public:
  // `nth` counts requests from 0.
  using Handler =
      std::function<void(int nth, const httplib::Request& request, httplib::Response& response)>;

  // Answers as usual where there is no handler.
  explicit FakeEndpoint(
      Handler handler = {},
      std::unique_ptr<httplib::Server> server = std::make_unique<httplib::Server>())
      : handler_(std::move(handler)), server_(std::move(server)) {
    server_->Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      int nth = 0;
      {
        const std::lock_guard lock(mutex_);
        nth = static_cast<int>(requests_.size());
        requests_.push_back(request);
      }
      response.set_content(usual_reply().dump(), "application/json");
      if (handler_) {
        handler_(nth, request, response);
      }
    });
    server_->set_tcp_nodelay(true);
    server_->new_task_queue = [] { return new httplib::ThreadPool(16); };
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::jthread([this] { server_->listen_after_bind(); });
    while (!server_->is_running()) {  // stop() does nothing before
      std::this_thread::yield();
    }
  }
  ~FakeEndpoint() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    over_.notify_all();
    server_->stop();
  }
  FakeEndpoint(const FakeEndpoint&) = delete;
  FakeEndpoint& operator=(const FakeEndpoint&) = delete;

  int port() const { return port_; }
  std::string address() const { return fmt::format("http://127.0.0.1:{}", port_); }
  std::vector<httplib::Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  // For handlers: returns when the test is over.
  void hold() {
    std::unique_lock lock(mutex_);
    over_.wait(lock, [this] { return is_over_; });
  }

 private:
  Handler handler_;
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::vector<httplib::Request> requests_;
  std::jthread thread_;
};

inline void fail_with(httplib::Response& response, int status, const std::string& words = "") {
  response.status = status;
  response.set_content(Json{{"error", {{"message", words}}}}.dump(), "application/json");
}

// Sends the head of a reply and then closes the connection.
inline void break_off(httplib::Response& response) {
  response.body.clear();
  response.set_content_provider(
      100, "application/json", [](auto, auto, httplib::DataSink&) { return false; });
}

}  // namespace rq::synth
