#include "report/server.h"

#include <httplib.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "base/json.h"
#include "base/loopback.h"
#include "base/signals.h"
#include "report/internal/news.h"
#include "report/internal/run_files.h"
#include "report/report.h"

namespace rq::report {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr const char* kHost = "127.0.0.1";
constexpr const char* kJson = "application/json";
constexpr std::size_t kThreads = 32;  // one a connection; each open page holds one
constexpr time_t kIdle_s = 30;        // for which a client may send or take nothing
constexpr time_t kKept_s = 2;         // for which a connection is kept for a further request
constexpr std::size_t kMostBody = 4096;
constexpr milliseconds kSign{5'000};  // after which a silent stream says that it is there

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

// 128 bits that nobody guesses.
std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  check(::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()),
        "the system gives no random bytes");
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

// Takes as long whatever differs.
bool is_same(std::string_view given, std::string_view token) {
  unsigned char difference = given.size() == token.size() ? 0 : 1;
  for (std::size_t i = 0; i < token.size(); ++i) {
    difference |= static_cast<unsigned char>(token[i] ^ (i < given.size() ? given[i] : 0));
  }
  return difference == 0;
}

}  // namespace

void WatchConfig::validate() const {
  check(port >= 0 && port <= 65535, "--port {} must lie in [0, 65535]", port);
  check(look_ms > 0, "look_ms={} must be positive", look_ms);
}

struct Server::State {
  WatchConfig config;
  Watched watched;
  std::string token = random_token();
  httplib::Server http = {};
  int port = 0;
  News news = {};
  std::mutex mutex = {};  // held where `watched` is called

  using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

  // Wraps a handler: whatever is thrown becomes an answer.
  static httplib::Server::Handler guarded(Handler handler) {
    return [handler = std::move(handler)](const httplib::Request& request,
                                          httplib::Response& response) {
      try {
        check_client(request);
        response.set_header("X-Content-Type-Options", "nosniff");
        handler(request, response);
      } catch (const Refusal& error) {
        refuse(response, error.status(), error.what());
      } catch (const MachineError& error) {
        refuse(response, 500, error.what());
      } catch (const Error& error) {
        refuse(response, 400, error.what());
      } catch (const std::exception& error) {
        refuse(response, 500, error.what());
      }
    };
  }

  Json report_now() {
    const std::lock_guard lock(mutex);
    return watched.report();
  }

  void look();
  void stream(httplib::Response& response);
  void stop_run(const httplib::Request& request, httplib::Response& response);
  void send_file(const httplib::Request& request, httplib::Response& response) const;
  void route();
};

// A tenth of the time at most is spent looking, however large the folder has become: the run that
// is watched needs the machine.
void Server::State::look() {
  while (!stop_requested()) {
    const auto began = Clock::now();
    try {
      news.tell(report_now().dump(-1, ' ', false, Json::error_handler_t::replace));
    } catch (const std::exception&) {
      // The folder is being changed under us, or gone for now: the last report stands.
    }
    const auto now = Clock::now();
    const auto next =
        now + std::max<Clock::duration>(9 * (now - began), milliseconds(config.look_ms));
    while (!stop_requested() && Clock::now() < next) {
      std::this_thread::sleep_for(milliseconds(50));
    }
  }
}

void Server::State::stream(httplib::Response& response) {
  response.set_header("Cache-Control", "no-store");
  response.set_chunked_content_provider(
      "text/event-stream",
      [this, told = std::uint64_t{0}](std::size_t, httplib::DataSink& sink) mutable {
        const News::Told latest = news.wait_past(told, kSign);
        if (latest.is_closed) {
          sink.done();
          return false;
        }
        const std::string words = latest.number > told
                                      ? fmt::format("event: report\ndata: {}\n\n", *latest.text)
                                      : std::string(": still here\n\n");
        told = latest.number;
        return sink.write(words.data(), words.size());
      });
}

void Server::State::stop_run(const httplib::Request& request, httplib::Response& response) {
  const Json body = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  check(body.is_object(), "the body must be a JSON object");
  if (!is_same(json_value<std::string>(body, "token", "", "the request"), token)) {
    throw Refusal(403, "the token is another: it stands in the address that rorqual watch printed");
  }
  const std::lock_guard lock(mutex);
  watched.stop();
  set_json(response, 200, {{"asked", true}});
}

void Server::State::send_file(const httplib::Request& request, httplib::Response& response) const {
  const auto file = file_within(watched.folder, std::string_view(request.path).substr(1));
  if (!file) {
    throw Refusal(404, fmt::format("there is no {} in the run folder", request.path));
  }
  response.set_header("Content-Security-Policy",
                      "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  response.set_header("Cache-Control", "no-store");
  const auto mapped = std::make_shared<MappedFile>(*file);
  response.set_content_provider(
      mapped->text().size(),
      std::string(content_type(*file)),
      [mapped](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        return sink.write(mapped->text().data() + offset, std::min<std::size_t>(length, 1 << 16));
      });
}

void Server::State::route() {
  http.Get("/", guarded([this](const auto&, auto& response) {
             response.set_header("Cache-Control", "no-store");
             response.set_header("Content-Security-Policy", "frame-ancestors 'none'");
             response.set_content(to_page(report_now(), PageUse::kServed),
                                  "text/html; charset=utf-8");
           }));
  http.Get("/api/events", guarded([this](const auto&, auto& response) { stream(response); }));
  http.Post("/api/stop",
            guarded([this](const auto& request, auto& response) { stop_run(request, response); }));
  http.Get("/.+",
           guarded([this](const auto& request, auto& response) { send_file(request, response); }));
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

Server::Server(const WatchConfig& config, Watched watched)
    : state_(new State{.config = config, .watched = std::move(watched)}) {
  config.validate();
  State& state = *state_;
  state.http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  state.http.set_payload_max_length(kMostBody);
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

const std::string& Server::token() const {
  return state_->token;
}

void Server::run() {
  std::jthread listener([this] { state_->http.listen_after_bind(); });
  state_->look();
  state_->news.close();
  state_->http.stop();
}

}  // namespace rq::report
