#pragma once
// A teacher behind an endpoint of OpenAI's chat completions: vLLM, SGLang, llama.cpp, `rorqual
// serve`, or a provider whom one pays. Many questions are asked at once, what the store holds is
// taken from there, and what comes is put there.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/rng.h"
#include "synth/answer_store.h"

namespace rq::synth {

struct EndpointConfig {
  std::string base_url = {};      // "http://127.0.0.1:8000/v1", "https://api.example.com/v1"
  std::string model = {};         // as the endpoint names it; also the teacher's name in the store
  std::string key_variable = {};  // environment variable that holds the key; empty: none is sent
  std::int64_t concurrency = 8;   // requests in flight
  std::int64_t retries = 6;       // of a question after its first try
  double timeout_s = 600;         // of one request, until its answer is whole
  double dollars_per_million_prompt_tokens = 0;
  double dollars_per_million_answer_tokens = 0;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("base_url", base_url);
    visit("model", model);
    visit("key_variable", key_variable);
    visit("concurrency", concurrency);
    visit("retries", retries);
    visit("timeout_s", timeout_s);
    visit("dollars_per_million_prompt_tokens", dollars_per_million_prompt_tokens);
    visit("dollars_per_million_answer_tokens", dollars_per_million_answer_tokens);
  }
  // Everything that cannot be, a sentence each.
  std::vector<std::string> problems() const;
};

struct Question {
  Json messages = Json::array();   // [{"role": ..., "content": ...}, ...]
  Json sampling = Json::object();  // members of the request: temperature, max_tokens ...
  std::int64_t sample = 0;         // tells apart several answers to one question; is not sent
};

enum class Outcome {
  kAnswered,     // by the endpoint, now
  kStored,       // taken from the store
  kRefused,      // the endpoint will not have this question
  kGivenUp,      // no answer after all retries
  kJunk,         // a reply that is no answer; a later call asks again
  kOutOfBudget,  // not asked
};

struct EndpointAnswer {
  Outcome outcome = Outcome::kOutOfBudget;
  StoredAnswer answer = {};  // of kAnswered and kStored; of kJunk its cost
  std::string why = {};      // of kRefused, kGivenUp and kJunk, with the endpoint's words
  bool is_usage_believed = true;
};

// 0: none.
struct Budget {
  std::int64_t tokens = 0;  // of questions and answers
  double dollars = 0;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("tokens", tokens);
    visit("dollars", dollars);
  }
};

// Counts of questions by what became of them.
struct Tally {
  std::int64_t answered = 0, stored = 0, refused = 0, given_up = 0, junk = 0, out_of_budget = 0;
  std::int64_t usage_not_believed = 0;  // replies whose tokens were estimated
  Cost cost = {};                       // of this call

  std::int64_t done() const { return answered + stored + refused + given_up + junk; }
  void add(const EndpointAnswer& answer);
};

struct EndpointAnswers {
  std::vector<EndpointAnswer> answers = {};  // as the questions were ordered
  Tally tally = {};
};

// How long is waited before a question is tried again: a time drawn between half of and all of
// `first_s`, which doubles with each try, and what the endpoint asks for by Retry-After beside it.
struct Patience {
  double first_s = 1;
  double most_s = 60;      // in all
  double stopping_s = 10;  // for replies in flight, once there is a reason to end

  // `tried` counts the tries before the one that failed.
  double wait_s(std::int64_t tried, std::optional<double> retry_after_s, Rng& rng) const;
};

struct AskOptions {
  Budget budget = {};
  std::function<void(const Tally&)> on_progress = {};  // on the caller's thread, now and then
  Patience patience = {};
};

class Endpoint {
 public:
  // An Error with all problems of the config, or where the key is missing. Reaches for nothing yet.
  Endpoint(EndpointConfig config, AnswerStore& store);

  // Asks each question once, also where it stands there twice. Nothing new is sent once the budget
  // is reached, which counts what the store says this teacher has cost; what is in flight, at most
  // `concurrency` replies, is still taken in and may go past it.
  //
  // Throws, with all that came kept in the store: Interrupted on a stop; an Error where there is no
  // endpoint, where it refuses the key or the model, or where it fails one question after another.
  // One call at a time.
  EndpointAnswers ask(std::span<const Question> questions, const AskOptions& options = {});

 private:
  EndpointConfig config_;
  AnswerStore& store_;
  std::string key_;
};

}  // namespace rq::synth
