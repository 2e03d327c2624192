#pragma once
// The HTTP server: OpenAI's API for the models of this process.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "serve/model_host.h"

namespace rq::serve {

struct ServerConfig {
  std::string host = "127.0.0.1";
  std::int64_t port = 8000;                // 0: any that is free
  std::string key = {};                    // clients must show it; needed where others can connect
  std::int64_t most_body_bytes = 8 << 20;  //
  std::int64_t most_requests = 256;  // prompts under way and waiting; further ones are told 429
  std::int64_t request_s = 600;      // after which a request is given up
  std::int64_t idle_s = 30;          // for which a client may send or take nothing
  std::int64_t drain_s = 30;         // for what is under way when the server is told to stop

  // Everything in these values that cannot be, a sentence each.
  std::vector<std::string> problems() const;
};

class Server {
 public:
  // Listens. An Error where the config has problems or the address cannot be had.
  Server(const ServerConfig& config, std::vector<std::unique_ptr<ModelHost>> models);
  ~Server();

  std::int64_t port() const;
  // Serves until stop_requested() (base/signals.h); then takes nothing new, and returns when what
  // is under way has ended or its time is up.
  void run();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rq::serve
