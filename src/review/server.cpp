#include "review/server.h"

#include <httplib.h>
#include <sys/socket.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/embedded_file.h"
#include "base/format.h"
#include "base/json.h"
#include "base/loopback.h"
#include "base/signals.h"
#include "review/as_json.h"
#include "review/embedded_files.h"
#include "review/queue.h"
#include "review/verdict.h"

namespace rq::review {
namespace {

constexpr const char* kHost = "127.0.0.1";
constexpr const char* kJson = "application/json";
constexpr std::size_t kThreads = 32;  // one a connection
constexpr time_t kIdle_s = 30;        // for which a client may send or take nothing
constexpr time_t kKept_s = 2;         // for which a connection is kept for a further request

// What is refused, with its HTTP status.
class Refusal : public Error {
 public:
  Refusal(int status, const std::string& message) : Error(message), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

void set_json(httplib::Response& response, int status, const Json& body) {
  response.status = status;
  response.set_header("Cache-Control", "no-store");
  response.set_content(body.dump(-1, ' ', false, Json::error_handler_t::replace), kJson);
}

void refuse(httplib::Response& response, int status, const std::string& message) {
  set_json(response, status, {{"error", {{"message", message}}}});
}

void check_client(const httplib::Request& request) {
  if (!is_from_loopback(request.get_header_value("Host"), request.get_header_value("Origin"))) {
    throw Refusal(403, "this server answers to localhost alone");
  }
  const std::string type = request.get_header_value("Content-Type");
  if (request.method == "POST" && type.substr(0, type.find(';')) != kJson) {
    throw Refusal(415, fmt::format("send it as {}, not as \"{}\"", kJson, type));
  }
}

Json parse_body(const httplib::Request& request) {
  Json body = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  check(body.is_object(), "the body must be a JSON object");
  return body;
}

std::string text_of(const Json& body, const std::string& name) {
  return json_value<std::string>(body, name, "", "the request");
}

Verdict read_verdict(const Json& body) {
  const std::string name = text_of(body, "verdict");
  const auto kind = kind_of(name);
  check(kind.has_value(), "verdict \"{}\" must be accept, edit, reject or flag", name);
  return {.kind = *kind,
          .candidate = json_value<std::int64_t>(body, "candidate", 0, "the request"),
          .text = text_of(body, "text")};
}

}  // namespace

void ServerConfig::validate() const {
  check(port >= 0 && port <= 65535, "--port {} must lie in [0, 65535]", port);
  check(most_body_bytes > 0, "most_body_bytes={} must be positive", most_body_bytes);
}

struct Server::State {
  ServerConfig config;
  Queue& queue;
  httplib::Server http;
  int port = 0;

  using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

  // Wraps a handler: whatever is thrown becomes an answer.
  static httplib::Server::Handler guarded(Handler handler) {
    return [handler = std::move(handler)](const httplib::Request& request,
                                          httplib::Response& response) {
      try {
        check_client(request);
        handler(request, response);
      } catch (const Refusal& error) {
        refuse(response, error.status(), error.what());
      } catch (const AlreadyJudged& error) {
        refuse(response, 409, error.what());
      } catch (const MachineError& error) {
        refuse(response, 500, error.what());
      } catch (const Error& error) {
        refuse(response, 400, error.what());
      } catch (const std::exception& error) {
        refuse(response, 500, error.what());
      }
    };
  }

  Json progress() const {
    Json body = as_json(queue.progress());
    body["title"] = config.title;
    return body;
  }

  void route_page();
  void route();
};

void Server::State::route_page() {
  for (const EmbeddedFile& file : embedded_files()) {
    const bool is_start = file.name == "index.html";
    const char* const type = is_start                      ? "text/html; charset=utf-8"
                             : file.name.ends_with(".css") ? "text/css"
                                                           : "text/javascript";
    http.Get(is_start ? "/" : fmt::format("/page/{}", file.name),
             [file, type](const httplib::Request&, httplib::Response& response) {
               response.set_header(
                   "Content-Security-Policy",
                   "default-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'");
               response.set_header("X-Content-Type-Options", "nosniff");
               response.set_header("Cache-Control", "no-cache");
               response.set_content(file.bytes.data(), file.bytes.size(), type);
             });
  }
}

void Server::State::route() {
  route_page();
  http.Get("/api/progress",
           guarded([this](const auto&, auto& response) { set_json(response, 200, progress()); }));
  http.Get("/api/export", guarded([this](const auto&, auto& response) {
             response.set_header("Content-Disposition", "attachment; filename=\"accepted.jsonl\"");
             response.set_content(training_lines(queue.accepted()), "application/x-ndjson");
           }));
  http.Post("/api/next", guarded([this](const auto& request, auto& response) {
              const Json body = parse_body(request);
              const std::string reviewer = text_of(body, "reviewer");
              const auto given = json_value(body, "again", false, "the request")
                                     ? queue.look_again(reviewer)
                                     : queue.next(reviewer);
              const Share share = queue.share_of(reviewer);
              set_json(response,
                       200,
                       {{"item", given ? as_json(*given) : Json()},
                        {"open", share.open},
                        {"again", share.again},
                        {"progress", progress()}});
            }));
  http.Post("/api/verdict", guarded([this](const auto& request, auto& response) {
              const Json body = parse_body(request);
              queue.judge(text_of(body, "reviewer"), text_of(body, "id"), read_verdict(body));
              set_json(response, 200, {{"saved", true}});
            }));
  http.Post("/api/undo", guarded([this](const auto& request, auto& response) {
              const auto undone = queue.undo(text_of(parse_body(request), "reviewer"));
              set_json(response,
                       200,
                       {{"item", undone ? as_json(undone->given) : Json()},
                        {"verdict", undone ? as_json(undone->verdict) : Json()},
                        {"held", undone && undone->is_held},
                        {"progress", progress()}});
            }));
  http.set_error_handler([](const httplib::Request& request, httplib::Response& response) {
    if (response.body.empty()) {
      refuse(response,
             response.status,
             response.status == 404   ? "there is no " + request.path
             : response.status == 413 ? std::string("the body is too large")
                                      : std::string("the request is malformed"));
    }
  });
}

Server::Server(const ServerConfig& config, Queue& queue)
    : state_(std::make_unique<State>(config, queue)) {
  config.validate();
  State& state = *state_;
  state.http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  state.http.set_payload_max_length(static_cast<std::size_t>(config.most_body_bytes));
  state.http.set_read_timeout(kIdle_s);
  state.http.set_write_timeout(kIdle_s);
  state.http.set_keep_alive_timeout(kKept_s);
  state.http.set_tcp_nodelay(true);
  // Without the library's SO_REUSEPORT, by which two servers would share a port unknowingly.
  state.http.set_socket_options([](socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  state.route();
  const auto port = static_cast<int>(config.port);
  state.port = port > 0 && state.http.bind_to_port(kHost, port) ? port
               : port == 0                                      ? state.http.bind_to_any_port(kHost)
                                                                : -1;
  check(state.port > 0, "cannot listen on {}:{}: is something else there?", kHost, port);
}

Server::~Server() = default;

std::int64_t Server::port() const {
  return state_->port;
}

void Server::run() {
  std::jthread listener([this] { state_->http.listen_after_bind(); });
  while (!stop_requested()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  state_->http.stop();
}

}  // namespace rq::review
