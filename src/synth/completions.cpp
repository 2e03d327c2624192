#include "synth/completions.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "base/signals.h"
#include "base/threads.h"
#include "synth/internal/chat_client.h"
#include "synth/internal/chat_completion.h"

namespace rq::synth {
namespace {

constexpr std::size_t kRounds = 4;  // requests of a connection between two reports

void sleep_for(double seconds) {
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                       std::chrono::duration<double>(seconds));
  while (std::chrono::steady_clock::now() < end) {
    throw_if_stopped();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

// One connection's tries.
class Poster {
 public:
  Poster(const EndpointConfig& config, const Patience& patience, const std::string& key)
      : config_(config),
        patience_(patience),
        key_(key),
        client_(config, key, "/completions"),
        rng_(1, "synth/completions") {}

  CompletionReply post(const std::string& body) {
    for (std::int64_t tried = 0;; ++tried) {
      const HttpReply reply = client_.post(body);
      if (reply.status == 200) {
        const Json value = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
        return value.is_object() ? CompletionReply{.body = value}
                                 : CompletionReply{.failure = "the reply is not a JSON object"};
      }
      const std::string why = reply.status == 0
                                  ? fmt::format("{}: {}", config_.base_url, reply.failure)
                                  : fmt::format("{} answers {}: {}",
                                                config_.base_url,
                                                reply.status,
                                                words_of(reply.body, key_));
      if (reply.is_refusal()) {
        return {.failure = why};
      }
      check(reply.may_pass(),
            "{}{}",
            why,
            reply.status == 404 ? " (it may have no /completions, but chats alone)" : "");
      if (tried == config_.retries) {
        check(reply.is_connected, "{} in {} tries: check that it runs there", why, tried + 1);
        return {.failure = why};
      }
      sleep_for(patience_.wait_s(tried, reply.retry_after_s, rng_));
    }
  }

 private:
  const EndpointConfig& config_;
  const Patience& patience_;
  const std::string& key_;
  ChatClient client_;
  Rng rng_;
};

// Lends each piece of work a connection of its own, which stays open.
class Posters {
 public:
  Posters(const EndpointConfig& config, const Patience& patience, const std::string& key) {
    for (std::int64_t i = 0; i < config.concurrency; ++i) {
      free_.push_back(&all_.emplace_back(config, patience, key));
    }
  }
  // REQUIRES that no more threads call it than there are connections.
  CompletionReply post(const std::string& body) {
    Poster* const poster = take();
    CompletionReply reply;
    try {
      reply = poster->post(body);
    } catch (...) {
      give(poster);
      throw;
    }
    give(poster);
    return reply;
  }

 private:
  Poster* take() {
    const std::lock_guard lock(mutex_);
    Poster* const poster = free_.back();
    free_.pop_back();
    return poster;
  }
  void give(Poster* poster) {
    const std::lock_guard lock(mutex_);
    free_.push_back(poster);
  }

  std::mutex mutex_;
  std::deque<Poster> all_;
  std::vector<Poster*> free_;
};

}  // namespace

Completions::Completions(EndpointConfig config, Patience patience)
    : config_(std::move(config)), patience_(patience) {
  const auto problems = config_.problems();
  check(problems.empty(), "endpoint: {}", fmt::join(problems, "; "));
  key_ = read_key(config_);
}

void Completions::post(
    std::span<const Json> bodies,
    const std::function<void(std::size_t index, CompletionReply)>& on_reply) const {
  Posters posters(config_, patience_, key_);
  const auto threads = static_cast<std::size_t>(config_.concurrency);
  const std::size_t together = threads * kRounds;
  for (std::size_t begin = 0; begin < bodies.size(); begin += together) {
    throw_if_stopped();
    std::vector<CompletionReply> replies(std::min(together, bodies.size() - begin));
    for_each_index(replies.size(), static_cast<int>(threads), [&](std::size_t i) {
      Json body = bodies[begin + i];
      body["model"] = config_.model;
      replies[i] = posters.post(body.dump(-1, ' ', false, Json::error_handler_t::replace));
    });
    for (std::size_t i = 0; i < replies.size(); ++i) {
      on_reply(begin + i, std::move(replies[i]));
    }
  }
}

}  // namespace rq::synth
