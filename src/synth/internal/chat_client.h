#pragma once
// One HTTP connection to an endpoint of completions.

#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "synth/endpoint.h"

namespace rq::synth {

// "https://host:1/v1" in parts: "https", "host" (or "[::1]"), ":1", "/v1".
struct UrlParts {
  std::string scheme = {}, host = {}, port = {}, path = {};
};
// Nothing where it is not a plain http or https address: without user, query and fragment.
std::optional<UrlParts> split_url(std::string_view url);

// The key in the variable that the config names, empty where it names none; an Error where it is
// not set or cannot stand in a header.
std::string read_key(const EndpointConfig& config);

// What Retry-After says, in seconds from `now`: a number, or a date of HTTP. Never negative.
std::optional<double> read_retry_after(const std::string& header, std::time_t now);

struct HttpReply {
  int status = 0;  // 0: none came, and `failure` says why
  std::string body = {};
  std::optional<double> retry_after_s = {};
  std::string failure = {};
  bool is_connected = true;   // or was
  bool is_untrusted = false;  // by its certificate

  // Of this question alone: it is wrong, too long, or against some rule.
  bool is_refusal() const;
  // Whether another try may go better.
  bool may_pass() const;
};

// One thread posts; any may call stop().
class ChatClient {
 public:
  // `path` follows the config's base_url. Goes through HTTPS_PROXY or HTTP_PROXY where the
  // environment has it (lower case too), except to loopback and what NO_PROXY lists.
  ChatClient(const EndpointConfig& config,
             const std::string& key,
             std::string_view path = "/chat/completions");
  ~ChatClient();
  ChatClient(const ChatClient&) = delete;
  ChatClient& operator=(const ChatClient&) = delete;

  HttpReply post(const std::string& body);
  // Breaks off a post that is under way; another may follow.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rq::synth
