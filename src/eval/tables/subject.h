#pragma once
// Whom an evaluation asks: a model that runs here, or one behind an endpoint. What is asked and
// what is answered are plain values, so that they can be kept and compared.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"

namespace rq::eval {

enum class Asked {
  kLikelihood,  // how probable `continuation` is behind `context`
  kPassage,     // how probable `continuation` is, whatever its length
  kText,        // what follows `context`
  kChat,        // what is answered to `messages`
};

struct Request {
  std::string question = {};  // its id; no part of what is asked
  Asked asked = Asked::kLikelihood;
  std::string context = {};
  std::string continuation = {};
  Json messages = {};  // as chat templates take them
  // Of an answer:
  double temperature = 0;
  double top_p = 1;
  std::int64_t max_tokens = 0;
  std::vector<std::string> stop = {};
  std::uint64_t seed = 1;
  std::int64_t sample = 0;  // tells samples of one question apart

  // All that the reply depends on, beside the model.
  Json as_json() const;
};

struct Reply {
  std::string text = {};      // of an answer, up to a stop
  std::int64_t tokens = 0;    // of the answer, or those whose log-probabilities were added up
  double logprob = 0;         // their sum
  bool is_greedy = false;     // each of them is the most probable one
  bool is_cut = false;        // the answer did not end within max_tokens
  bool is_shortened = false;  // the beginning of the prompt did not fit the context
  std::string failure = {};   // why there is no reply; empty where there is one

  Json as_json() const;
  static Reply from(const Json& json, std::string_view origin);
};

class Subject {
 public:
  Subject() = default;
  virtual ~Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  // What it is: {"kind", "path" or "endpoint", "digest"}. Replies are kept under its "digest".
  virtual Json identity() const = 0;
  // How replies are computed, in a few words: "rorqual, float32, cpu".
  virtual std::string engine() const = 0;
  // Why it cannot be asked so; empty where it can.
  virtual std::string refusal(Asked asked) const = 0;

  // Whether a reply hangs on which question is asked, not on the wording alone.
  virtual bool knows_questions() const { return false; }

  // Told of each reply as it comes, in any order, on the caller's thread.
  using OnReply = std::function<void(std::size_t index, Reply reply)>;
  // Throws Interrupted where a stop was requested; what had come was told.
  virtual void ask(std::span<const Request> requests, const OnReply& on_reply) = 0;
};

}  // namespace rq::eval
