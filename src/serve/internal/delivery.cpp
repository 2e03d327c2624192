#include "serve/internal/delivery.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "serve/api_error.h"

namespace rq::serve {

using Clock = std::chrono::steady_clock;

std::string to_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Delivery::Delivery(std::unique_ptr<Reply> reply,
                   ModelHost& model,
                   std::chrono::seconds patience,
                   std::atomic<std::int64_t>& count)
    : reply_(std::move(reply)),
      stream_(model, reply_->take_wanted()),
      deadline_(Clock::now() + patience),
      count_(count) {
  ++count_;
}

Delivery::~Delivery() {
  --count_;
}

bool Delivery::send_next(const Client& client) {
  if (!client.is_there()) {
    return false;
  }
  if (Clock::now() > deadline_) {
    const bool is_sent = send(client, ApiError(504, "the request took too long").body());
    client.end();
    return is_sent;
  }
  std::optional<AnswerEvent> event = stream_.next(std::chrono::milliseconds(50));
  if (!event) {
    return true;
  }
  for (const Json& chunk : reply_->take(std::move(*event))) {
    if (!send(client, chunk)) {
      return false;
    }
  }
  return !stream_.is_over() || finish(client);
}

bool Delivery::send(const Client& client, const Json& json) const {
  return client.write(streams() ? "data: " + to_text(json) + "\n\n" : to_text(json));
}

bool Delivery::finish(const Client& client) const {
  bool is_sent = true;
  if (!streams()) {
    is_sent = send(client, reply_->whole());
  } else {
    if (reply_->streams_usage()) {
      is_sent = send(client, reply_->usage_chunk());
    }
    is_sent = is_sent && client.write("data: [DONE]\n\n");
  }
  client.end();
  return is_sent;
}

}  // namespace rq::serve
