#include "serve/server.h"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/embedded_file.h"
#include "base/format.h"
#include "base/json.h"
#include "base/loopback.h"
#include "base/signals.h"
#include "serve/api_error.h"
#include "serve/embedded_files.h"
#include "serve/internal/delivery.h"
#include "serve/metrics.h"
#include "serve/reply.h"
#include "serve/request_fields.h"

namespace rq::serve {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kThreads = 128;  // one a connection
constexpr int kBacklog = 1024;         // connections that nobody has taken up
constexpr std::string_view kJson = "application/json";

void set_json(httplib::Response& response, int status, const Json& body) {
  response.status = status;
  response.set_content(to_text(body), std::string(kJson));
}

// Takes as long for a wrong key as for the right one.
bool is_same(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^
                  static_cast<unsigned char>(b.empty() ? '\0' : b[i % b.size()]);
  }
  return difference == 0;
}

}  // namespace

std::vector<std::string> ServerConfig::problems() const {
  std::vector<std::string> all;
  if (port < 0 || port > 65535) {
    all.push_back(fmt::format("--port {} must lie in [0, 65535]", port));
  }
  if (key.empty() && !is_loopback(host)) {
    all.push_back(fmt::format(
        "--host {} can be reached by others: give a key that they must show (--key-file, "
        "or RORQUAL_KEY)",
        host));
  }
  for (const auto& [name, value] : {std::pair{"most_body_bytes", most_body_bytes},
                                    std::pair{"most_requests", most_requests},
                                    std::pair{"request_s", request_s},
                                    std::pair{"idle_s", idle_s}}) {
    if (value <= 0) {
      all.push_back(fmt::format("{}={} must be positive", name, value));
    }
  }
  return all;
}

struct Server::State {
  ServerConfig config;
  std::vector<std::unique_ptr<ModelHost>> models;
  httplib::Server http;
  int port = 0;
  std::atomic<bool> is_draining = false;
  std::atomic<std::int64_t> replies = 0;  // under way
  Metrics metrics;

  using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

  ModelHost& model_of(const Json& body) const {
    const std::string name = text_or(body, "model", "");
    if (name.empty() && models.size() == 1) {
      return *models.front();
    }
    for (const auto& model : models) {
      if (model->name() == name) {
        return *model;
      }
    }
    std::vector<std::string> names;
    for (const auto& model : models) {
      names.push_back(model->name());
    }
    throw ApiError(
        404,
        fmt::format("there is no model \"{}\"; there are: {}", name, fmt::join(names, ", ")),
        "model");
  }

  void check_client(const httplib::Request& request) const {
    if (config.key.empty()) {
      if (!is_from_loopback(request.get_header_value("Host"), request.get_header_value("Origin"))) {
        throw ApiError(403, "this server answers to localhost alone");
      }
      return;
    }
    if (!is_same(request.get_header_value("Authorization"), "Bearer " + config.key)) {
      throw ApiError(401, "the key is missing or wrong: send it as Authorization: Bearer KEY");
    }
  }

  void check_room(const ModelHost& model, std::size_t wanted) const {
    if (is_draining) {
      throw ApiError(503, "the server is about to stop");
    }
    const generate::EngineStatus status = model.status();
    const auto all = status.running + status.waiting + static_cast<std::int64_t>(wanted);
    if (status.running + status.waiting > 0 && all > config.most_requests) {
      throw ApiError(429,
                     fmt::format("{} requests are under way: try again later",
                                 status.running + status.waiting));
    }
  }

  // Wraps a handler: whatever is thrown becomes an answer.
  httplib::Server::Handler guarded(Handler handler, bool is_open = false) {
    return [this, is_open, handler = std::move(handler)](const httplib::Request& request,
                                                         httplib::Response& response) {
      const auto refuse = [&](const ApiError& error) {
        set_json(response, error.status(), error.body());
        if (error.status() == 429) {
          response.set_header("Retry-After", "1");
        }
      };
      try {
        if (!is_open) {
          check_client(request);
        }
        handler(request, response);
      } catch (const ApiError& error) {
        refuse(error);
      } catch (const MachineError& error) {
        refuse(ApiError(500, error.what()));
      } catch (const Error& error) {
        refuse(ApiError(400, error.what()));
      } catch (const std::bad_alloc&) {
        refuse(ApiError(503, "memory does not suffice for this request"));
      } catch (const std::exception& error) {
        refuse(ApiError(500, error.what()));
      }
    };
  }

  void route();
  void route_page();
  void answer(const httplib::Request& request,
              httplib::Response& response,
              std::unique_ptr<Reply> (*make)(ModelHost&, const Json&));
};

void Server::State::answer(const httplib::Request& request,
                           httplib::Response& response,
                           std::unique_ptr<Reply> (*make)(ModelHost&, const Json&)) {
  const Json body = parse_body(request.body);
  ModelHost& model = model_of(body);
  std::unique_ptr<Reply> reply = make(model, body);
  check_room(model, reply->size());
  const auto delivery = std::make_shared<Delivery>(  // held by the provider, which is copied
      std::move(reply),
      model,
      std::chrono::seconds(config.request_s),
      replies);
  const std::string type = delivery->streams() ? "text/event-stream" : std::string(kJson);
  response.set_header("Cache-Control", "no-store");
  response.set_chunked_content_provider(type, [delivery](std::size_t, httplib::DataSink& sink) {
    return delivery->send_next(
        {.is_there = sink.is_writable,
         .write = [&](std::string_view text) { return sink.write(text.data(), text.size()); },
         .end = sink.done});
  });
}

// The chat page, which asks for nothing elsewhere. Formulas are laid out by style attributes.
void Server::State::route_page() {
  for (const EmbeddedFile& file : embedded_files()) {
    const bool is_start = file.name == "index.html";
    const bool is_font = file.name.ends_with(".woff2");
    const std::string path =
        is_start ? "/" : fmt::format("/page/{}{}", is_font ? "fonts/" : "", file.name);
    const char* const type = is_start                      ? "text/html; charset=utf-8"
                             : is_font                     ? "font/woff2"
                             : file.name.ends_with(".css") ? "text/css"
                                                           : "text/javascript";
    http.Get(path, [file, type](const httplib::Request&, httplib::Response& response) {
      response.set_header("Content-Security-Policy",
                          "default-src 'self'; img-src data:; style-src-attr 'unsafe-inline'; "
                          "frame-ancestors 'none'");
      response.set_header("X-Content-Type-Options", "nosniff");
      response.set_header("Cache-Control", "no-cache");
      response.set_content(file.bytes.data(), file.bytes.size(), type);
    });
  }
}

void Server::State::route() {
  route_page();
  http.Get("/health",
           guarded(
               [this](const auto&, auto& response) {
                 set_json(response,
                          is_draining ? 503 : 200,
                          {{"status", is_draining ? "stopping" : "ok"}});
               },
               /*is_open=*/true));
  http.Get("/v1/models", guarded([this](const auto&, auto& response) {
             Json list = Json::array();
             for (const auto& model : models) {
               list.push_back({{"id", model->name()},
                               {"object", "model"},
                               {"created", 0},
                               {"owned_by", "rorqual"},
                               {"max_model_len", model->context()}});
             }
             set_json(response, 200, {{"object", "list"}, {"data", list}});
           }));
  http.Get("/metrics", guarded([this](const auto&, auto& response) {
             response.set_content(metrics.text(models), "text/plain; version=0.0.4");
           }));
  http.Post("/v1/completions", guarded([this](const auto& request, auto& response) {
              answer(request, response, make_completion);
            }));
  http.Post("/v1/chat/completions", guarded([this](const auto& request, auto& response) {
              answer(request, response, make_chat);
            }));
  http.Post("/v1/tokenize", guarded([this](const auto& request, auto& response) {
              const Json body = parse_body(request.body);
              const ModelHost& model = model_of(body);
              if (body.contains("text") == body.contains("messages")) {
                throw ApiError(400, "give either text or messages");
              }
              const std::vector<std::int32_t> tokens =
                  body.contains("text") ? model.tokenizer().encode(text_or(body, "text", ""))
                                        : read_chat(model, body["messages"]);
              set_json(response, 200, {{"tokens", tokens}, {"count", tokens.size()}});
            }));
  http.set_error_handler([](const httplib::Request& request, httplib::Response& response) {
    if (!response.body.empty()) {
      return;
    }
    const std::string what = response.status == 404   ? "there is no " + request.path
                             : response.status == 413 ? std::string("the body is too large")
                                                      : std::string("the request is malformed");
    set_json(response, response.status, ApiError(response.status, what).body());
  });
  http.set_logger([this](const httplib::Request& request, const httplib::Response& response) {
    metrics.count(request.path, response.status);
  });
}

Server::Server(const ServerConfig& config, std::vector<std::unique_ptr<ModelHost>> models)
    : state_(std::make_unique<State>()) {
  const std::vector<std::string> problems = config.problems();
  check(problems.empty(), "{}", fmt::join(problems, "; "));
  State& state = *state_;
  state.config = config;
  state.models = std::move(models);
  state.http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  state.http.set_payload_max_length(static_cast<std::size_t>(config.most_body_bytes));
  state.http.set_read_timeout(config.idle_s);
  state.http.set_write_timeout(config.idle_s);
  state.http.set_keep_alive_max_count(1000);
  state.http.set_tcp_nodelay(true);
  int listener = -1;
  // Without the library's SO_REUSEPORT, by which two servers would share a port unknowingly.
  state.http.set_socket_options([&listener](socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    listener = socket;
  });
  state.route();
  const auto port = static_cast<int>(config.port);
  const bool is_bound = port == 0 ? (state.port = state.http.bind_to_any_port(config.host)) > 0
                                  : state.http.bind_to_port(config.host, port);
  check(is_bound, "cannot listen on {}:{}: is something else there?", config.host, config.port);
  state.port = port == 0 ? state.port : port;
  ::listen(listener, kBacklog);  // the library lets five wait, and more are dropped
}

Server::~Server() = default;

std::int64_t Server::port() const {
  return state_->port;
}

void Server::run() {
  State& state = *state_;
  std::jthread listener([&state] { state.http.listen_after_bind(); });
  while (!stop_requested()) {
    std::this_thread::sleep_for(milliseconds(50));
  }
  state.is_draining = true;
  const auto deadline = Clock::now() + std::chrono::seconds(state.config.drain_s);
  while (state.replies > 0 && Clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(20));
  }
  state.http.stop();
}

}  // namespace rq::serve
