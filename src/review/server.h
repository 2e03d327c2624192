#pragma once
// The review page and its API on one queue, for people on this machine: loopback alone.
//
//   GET  /                the page
//   GET  /api/progress    how far the queue is, who did how many, how far people agree
//   GET  /api/export      the accepted conversations, {"messages": [...]} a line
//   POST /api/next        {"reviewer", "again": false}  an item to judge, or null
//   POST /api/verdict     {"reviewer", "id", "verdict": "accept" | "edit" | "reject" | "flag",
//                          "candidate": 0, "text": ""}
//   POST /api/undo        {"reviewer"}                  what was taken back, or null
//
// What changes something needs the Content-Type application/json, which a page of another site
// cannot send unasked. What is refused is {"error": {"message"}}.

#include <cstdint>
#include <memory>
#include <string>

#include "review/queue.h"

namespace rq::review {

struct ServerConfig {
  std::int64_t port = 8010;                // 0: any that is free
  std::string title = {};                  // what is judged, for the page
  std::int64_t most_body_bytes = 8 << 20;  // of a request

  void validate() const;
};

class Server {
 public:
  // Listens. An Error where the config is wrong or the address cannot be had. The queue must
  // outlive the server.
  Server(const ServerConfig& config, Queue& queue);
  ~Server();

  std::int64_t port() const;
  // Serves until stop_requested() (base/signals.h).
  void run();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rq::review
