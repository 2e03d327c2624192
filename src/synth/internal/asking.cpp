#include "synth/internal/asking.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "base/signals.h"
#include "synth/answer_store.h"
#include "synth/internal/chat_client.h"
#include "synth/internal/chat_completion.h"

namespace rq::synth {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds kTick{20};  // between two looks at what may end the work
constexpr std::int64_t kMostGivenUp = 32;       // questions in a row

Clock::time_point in(double seconds) {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(Seconds(seconds));
}

// Threads that send one question after another, and the caller's, which watches over them.
class Crew {
 public:
  Crew(const Asking& asking, EndpointAnswers& answers)
      : config_(asking.config),
        options_(asking.options),
        asking_(asking),
        answers_(answers),
        running_(std::min(asking.indices.size(), static_cast<std::size_t>(config_.concurrency))),
        spent_(asking.store.totals()[config_.model].cost) {
    for (std::size_t i = 0; i < running_; ++i) {
      workers_.emplace_back(config_, asking.key, i);
    }
  }

  void run() {
    {
      std::vector<std::jthread> threads;
      for (Worker& worker : workers_) {
        threads.emplace_back([this, &worker] { work(worker); });
      }
      watch();
    }
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    if (is_ending_) {
      throw Interrupted();
    }
  }

 private:
  struct Worker {
    Worker(const EndpointConfig& config, const std::string& key, std::size_t index)
        : client(config, key), rng(index, "synth/wait") {}
    ChatClient client;
    Rng rng;
    std::atomic<Clock::time_point> deadline = Clock::time_point::max();  // of its request
  };

  void watch() {
    std::unique_lock lock(mutex_);
    while (running_ > 0) {
      changed_.wait_for(lock, kTick);
      if (stop_requested() && !is_ending_) {
        begin_ending();
      }
      const Clock::time_point end_by = end_by_;
      const Tally tally = answers_.tally;
      lock.unlock();
      for (Worker& worker : workers_) {
        if (Clock::now() > std::min(end_by, worker.deadline.load())) {
          worker.client.stop();
        }
      }
      report(tally);
      lock.lock();
    }
  }

  void report(const Tally& tally) {
    if (!options_.on_progress) {
      return;
    }
    try {
      options_.on_progress(tally);
    } catch (...) {
      end(std::current_exception());
    }
  }

  void work(Worker& worker) {
    try {
      while (const auto index = next()) {
        if (auto answer = ask_one(worker, asking_.questions[*index])) {
          settle(*index, std::move(*answer));
        }
      }
    } catch (...) {
      end(std::current_exception());
    }
    const std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_all();
  }

  // Nothing where the work ends before there is an outcome.
  std::optional<EndpointAnswer> ask_one(Worker& worker, const Question& question) {
    bool was_connected = false;
    for (std::int64_t tried = 0;; ++tried) {
      if (is_budget_reached()) {
        return EndpointAnswer{.outcome = Outcome::kOutOfBudget};
      }
      worker.deadline = in(config_.timeout_s);
      const HttpReply reply = worker.client.post(request_body(config_, question));
      worker.deadline = Clock::time_point::max();
      if (reply.status == 200) {
        return take_in(question, reply);
      }
      const std::string why = complaint(reply);
      if (reply.is_refusal()) {
        return EndpointAnswer{.outcome = Outcome::kRefused, .why = why};
      }
      check(reply.may_pass(), "{}", why + advice(reply.status));
      if (is_ending()) {
        return std::nullopt;
      }
      check(!reply.is_untrusted, "{} (SSL_CERT_FILE may name a file of others that are)", why);
      was_connected |= reply.is_connected;
      if (tried == config_.retries) {
        check(was_connected,
              "{} in {} tries: check that it runs there, and the host and port of base_url",
              why,
              tried + 1);
        return EndpointAnswer{.outcome = Outcome::kGivenUp, .why = why};
      }
      if (!pause(options_.patience.wait_s(tried, reply.retry_after_s, worker.rng))) {
        return std::nullopt;
      }
    }
  }

  EndpointAnswer take_in(const Question& question, const HttpReply& reply) {
    const AnswerKey key = key_of(config_, question);
    ChatReply read = read_chat_reply(reply.body, key.messages.size() + key.sampling.size());
    Cost& cost = read.answer.cost;
    cost.dollars =
        1e-6 *
        (static_cast<double>(cost.prompt_tokens) * config_.dollars_per_million_prompt_tokens +
         static_cast<double>(cost.answer_tokens) * config_.dollars_per_million_answer_tokens);
    EndpointAnswer answer{.outcome = Outcome::kAnswered,
                          .answer = std::move(read.answer),
                          .is_usage_believed = read.is_usage_believed};
    if (read.junk.empty()) {
      asking_.store.put(key, answer.answer);
    } else {
      answer.outcome = Outcome::kJunk;
      answer.why = fmt::format("{}: {}", read.junk, words_of(reply.body, asking_.key));
      asking_.store.put_loss(key, answer.answer.cost);
    }
    return answer;
  }

  std::string complaint(const HttpReply& reply) const {
    return reply.status == 0 ? fmt::format("{}: {}", config_.base_url, reply.failure)
                             : fmt::format("{} answers {}: {}",
                                           config_.base_url,
                                           reply.status,
                                           words_of(reply.body, asking_.key));
  }

  std::string advice(int status) const {
    if (status == 404) {
      return fmt::format(" (check base_url, and model=\"{}\")", config_.model);
    }
    if (status != 401 && status != 403) {
      return {};
    }
    return config_.key_variable.empty()
               ? " (no key was sent: key_variable is empty)"
               : fmt::format(" (check the key in {})", config_.key_variable);
  }

  std::optional<std::size_t> next() {
    const std::lock_guard lock(mutex_);
    return is_ending_ || next_ == asking_.indices.size() ? std::nullopt
                                                         : std::optional(asking_.indices[next_++]);
  }

  void settle(std::size_t index, EndpointAnswer answer) {
    const std::lock_guard lock(mutex_);
    answers_.tally.add(answer);
    spent_ += answer.answer.cost;
    const bool is_given_up = answer.outcome == Outcome::kGivenUp;
    given_up_in_a_row_ = is_given_up ? given_up_in_a_row_ + 1 : 0;
    check(given_up_in_a_row_ < kMostGivenUp,
          "{} questions in a row were given up; the last: {}",
          kMostGivenUp,
          answer.why);
    answers_.answers[index] = std::move(answer);
    changed_.notify_all();
  }

  // Whether to go on after it. Ends early where nothing may be sent any more.
  bool pause(double seconds) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, in(seconds), [&] { return is_ending_ || is_spent(); });
    return !is_ending_;
  }

  void end(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) {
      failure_ = std::move(failure);
      begin_ending();
    }
  }

  bool is_ending() {
    const std::lock_guard lock(mutex_);
    return is_ending_;
  }

  bool is_budget_reached() {
    const std::lock_guard lock(mutex_);
    return is_spent();
  }

  // REQUIRES mutex_, as the next.
  void begin_ending() {
    is_ending_ = true;
    end_by_ = std::min(end_by_, in(options_.patience.stopping_s));
    changed_.notify_all();
  }

  bool is_spent() const {
    const Budget& budget = options_.budget;
    return (budget.tokens > 0 && spent_.prompt_tokens + spent_.answer_tokens >= budget.tokens) ||
           (budget.dollars > 0 && spent_.dollars >= budget.dollars);
  }

  const EndpointConfig& config_;
  const AskOptions& options_;
  const Asking& asking_;
  std::deque<Worker> workers_;

  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  EndpointAnswers& answers_;
  std::size_t next_ = 0;     // of the indices
  std::size_t running_ = 0;  // workers
  std::int64_t given_up_in_a_row_ = 0;
  Cost spent_ = {};  // on this teacher, in all
  bool is_ending_ = false;
  Clock::time_point end_by_ = Clock::time_point::max();
  std::exception_ptr failure_;
};

}  // namespace

void ask_all(const Asking& asking, EndpointAnswers& answers) {
  Crew(asking, answers).run();
}

}  // namespace rq::synth
