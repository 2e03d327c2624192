#include "synth/internal/chat_client.h"

#include <httplib.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace rq::synth {
namespace {

constexpr std::size_t kMostBody_bytes = std::size_t{64} << 20;
constexpr std::chrono::microseconds kConnect = std::chrono::seconds(10);

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

// The first of both spellings that is set to something.
std::string environment(std::string name) {
  for (int spelling = 0; spelling < 2; ++spelling) {
    const char* const value = std::getenv(name.c_str());
    if (value != nullptr && *value != '\0') {
      return value;
    }
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  }
  return {};
}

// Whether NO_PROXY lists the host, or a domain that it is in.
bool goes_direct(std::string_view host) {
  const std::string list = environment("NO_PROXY") + ",";
  for (std::size_t begin = 0, end = 0; (end = list.find(',', begin)) != std::string::npos;
       begin = end + 1) {
    std::string_view entry(list.data() + begin, end - begin);
    entry.remove_prefix(std::min(entry.find_first_not_of(" .*"), entry.size()));
    const bool is_all = entry.empty() && list.find('*', begin) < end;
    const bool is_tail =
        !entry.empty() && host.ends_with(entry) &&
        (host.size() == entry.size() || host[host.size() - entry.size() - 1] == '.');
    if (is_all || is_tail) {
      return true;
    }
  }
  return is_loopback(host);
}

void set_proxy(httplib::Client& client, const UrlParts& url) {
  const std::string name = url.scheme == "https" ? "HTTPS_PROXY" : "HTTP_PROXY";
  std::string proxy = environment(name);
  if (proxy.empty() || goes_direct(url.host)) {
    return;
  }
  if (proxy.find("://") == std::string::npos) {
    proxy.insert(0, "http://");
  }
  const std::size_t begin = proxy.find("://") + 3, at = proxy.find('@');
  if (at != std::string::npos) {
    const std::string login = proxy.substr(begin, at - begin);
    const std::size_t colon = std::min(login.find(':'), login.size());
    client.set_proxy_basic_auth(login.substr(0, colon),
                                colon < login.size() ? login.substr(colon + 1) : "");
    proxy.erase(begin, at + 1 - begin);
  }
  const auto parts = split_url(proxy);
  check(parts.has_value() && parts->scheme == "http" && !parts->port.empty(),
        "{} is set, but is not like http://host:port",
        name);
  client.set_proxy(parts->host, std::stoi(parts->port.substr(1)));
}

// What is known of a request that brought no reply.
HttpReply without_reply(httplib::Error error) {
  using httplib::Error;
  switch (error) {
    case Error::Connection:
    case Error::ConnectionTimeout:
    case Error::SSLConnection:
    case Error::SSLLoadingCerts:
      return {.failure = "no connection", .is_connected = false};
    case Error::SSLServerVerification:
      return {
          .failure = "its certificate is not trusted", .is_connected = false, .is_untrusted = true};
    case Error::Canceled:
      return {.failure = "its reply is longer than any answer"};
    default:
      return {.failure = "no whole reply in time, or the connection broke"};
  }
}

}  // namespace

std::optional<UrlParts> split_url(std::string_view url) {
  UrlParts parts;
  const std::size_t colon = std::min(url.find("://"), url.size());
  parts.scheme = url.substr(0, colon);
  if ((parts.scheme != "http" && parts.scheme != "https") || colon == url.size() ||
      url.find_first_of("@?#\\\"<> \t\r\n") != std::string_view::npos) {
    return std::nullopt;
  }
  url.remove_prefix(colon + 3);
  const std::size_t slash = std::min(url.find('/'), url.size());
  parts.path = url.substr(slash);
  url = url.substr(0, slash);
  while (parts.path.ends_with('/')) {
    parts.path.pop_back();
  }
  const std::size_t bracket = url.starts_with('[') ? std::min(url.find(']'), url.size()) : 0;
  const std::size_t port = std::min(url.find(':', bracket), url.size());
  parts.host = url.substr(0, port);
  parts.port = url.substr(port);
  const bool is_sound = !parts.host.empty() && bracket < url.size() &&
                        (parts.port.empty() || is_port(std::string_view(parts.port).substr(1)));
  return is_sound ? std::optional(parts) : std::nullopt;
}

std::string read_key(const EndpointConfig& config) {
  if (config.key_variable.empty()) {
    return {};
  }
  const char* const value = std::getenv(config.key_variable.c_str());
  std::string key = value == nullptr ? "" : value;
  while (!key.empty() && std::isspace(static_cast<unsigned char>(key.back())) != 0) {
    key.pop_back();  // of a file that it was read from
  }
  check(!key.empty(),
        "{}, which key_variable names, is not set in the environment",
        config.key_variable);
  check(std::ranges::all_of(key, [](unsigned char c) { return c > 0x20 && c < 0x7f; }),
        "{}, which key_variable names, holds something else than a key: spaces or other characters "
        "that cannot stand in one",
        config.key_variable);
  return key;
}

std::optional<double> read_retry_after(const std::string& header, std::time_t now) {
  double seconds = 0;
  const char* const end = header.data() + header.size();
  if (const auto [rest, error] = std::from_chars(header.data(), end, seconds);
      error == std::errc() && rest == end) {
    return seconds >= 0 ? std::optional(seconds) : std::nullopt;
  }
  std::tm date = {};
  if (::strptime(header.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) {
    return std::nullopt;
  }
  return std::max(0.0, std::difftime(::timegm(&date), now));
}

bool HttpReply::is_refusal() const {
  return status == 400 || status == 413 || status == 422;
}

bool HttpReply::may_pass() const {
  return status == 0 || status == 408 || status == 409 || status == 425 || status == 429 ||
         status >= 500;
}

struct ChatClient::State {
  State(const EndpointConfig& config, const UrlParts& url, std::string_view below)
      : http(url.scheme + "://" + url.host + url.port), path(url.path + std::string(below)) {
    const std::chrono::duration<double> whole(config.timeout_s);
    const auto limit = std::chrono::duration_cast<std::chrono::microseconds>(whole);
    http.set_connection_timeout(std::min(limit, kConnect));
    http.set_read_timeout(limit);
    http.set_write_timeout(limit);
    http.set_keep_alive(true);
    http.set_tcp_nodelay(true);
  }

  httplib::Client http;
  std::string path;
  httplib::Headers headers;
};

ChatClient::ChatClient(const EndpointConfig& config,
                       const std::string& key,
                       std::string_view path) {
  const auto url = split_url(config.base_url);
  check(url.has_value(), "base_url=\"{}\" is not an address", config.base_url);
  state_ = std::make_unique<State>(config, *url, path);
  state_->headers = {{"Content-Type", "application/json"}, {"User-Agent", "rorqual"}};
  if (!key.empty()) {
    state_->headers.emplace("Authorization", "Bearer " + key);
  }
  set_proxy(state_->http, *url);
}

ChatClient::~ChatClient() = default;

HttpReply ChatClient::post(const std::string& body) {
  httplib::Request request;
  request.method = "POST";
  request.path = state_->path;
  request.headers = state_->headers;
  request.body = body;
  HttpReply reply;
  request.content_receiver =
      [&](const char* data, std::size_t count, std::uint64_t /*at*/, std::uint64_t /*whole*/) {
        reply.body.append(data, count);
        return reply.body.size() <= kMostBody_bytes;
      };
  const httplib::Result result = state_->http.send(request);
  if (!result) {
    return without_reply(result.error());
  }
  reply.status = result->status;
  if (result->has_header("Retry-After")) {
    reply.retry_after_s =
        read_retry_after(result->get_header_value("Retry-After"), std::time(nullptr));
  }
  return reply;
}

void ChatClient::stop() {
  state_->http.stop();
}

}  // namespace rq::synth
