#pragma once
// The answers to one request on their way to the client, as they come or as a whole.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/json.h"
#include "serve/answer_stream.h"
#include "serve/model_host.h"
#include "serve/reply.h"

namespace rq::serve {

// JSON for a client; bytes that are no UTF-8 are replaced.
std::string to_text(const Json& json);

// The client's end of a connection.
struct Client {
  std::function<bool()> is_there;
  std::function<bool(std::string_view)> write;  // false where the client has left
  std::function<void()> end;                    // nothing more comes
};

class Delivery {
 public:
  // Begins the answers; throws what the engine does. `count` is one higher as long as this lives.
  Delivery(std::unique_ptr<Reply> reply,
           ModelHost& model,
           std::chrono::seconds patience,
           std::atomic<std::int64_t>& count);
  // Cancels what is under way.
  ~Delivery();
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;

  bool streams() const { return reply_->streams(); }

  // Waits a little for something new, and sends it; to be called again until the end. False where
  // the client has left.
  bool send_next(const Client& client);

 private:
  bool send(const Client& client, const Json& json) const;
  bool finish(const Client& client) const;

  std::unique_ptr<Reply> reply_;
  AnswerStream stream_;
  std::chrono::steady_clock::time_point deadline_;
  std::atomic<std::int64_t>& count_;
};

}  // namespace rq::serve
