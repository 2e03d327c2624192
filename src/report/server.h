#pragma once
// The report of a run while it goes on, for people on this machine: loopback alone.
//
//   GET  /             the page
//   GET  /api/events   server-sent events: "report" with the whole report as JSON, when it changed
//   POST /api/stop     {"token"}   asks the run to stop once its work is saved
//   GET  /PATH         a file of the run folder, as text or as it is
//
// Stopping needs the token, which whoever started the server was told, and the Content-Type
// application/json, which a page of another site cannot send unasked. What is refused is {"error":
// {"message"}}.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/json.h"

namespace rq::report {

struct WatchConfig {
  std::int64_t port = 8020;      // 0: any that is free
  std::int64_t look_ms = 1'500;  // between two looks at the run folder

  void validate() const;
};

// What is watched. Called by one thread at a time.
struct Watched {
  std::filesystem::path folder = {};  // of which files are served
  std::function<Json()> report;       // as it is now
  std::function<void()> stop;         // asks the run to stop
};

class Server {
 public:
  // Listens. An Error where the config is wrong or the address cannot be had.
  Server(const WatchConfig& config, Watched watched);
  ~Server();

  std::int64_t port() const;
  const std::string& token() const;
  // Serves until stop_requested() (base/signals.h).
  void run();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rq::report
