#include "synth/endpoint.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/require.h"
#include "base/rng.h"
#include "base/signals.h"
#include "synth/answer_store.h"
#include "synth/internal/asking.h"
#include "synth/internal/chat_client.h"
#include "synth/internal/chat_completion.h"

namespace rq::synth {
namespace {

constexpr std::int64_t kMostConcurrency = 512;  // threads
constexpr std::int64_t kMostRetries = 100;
constexpr double kMostTimeout_s = 86'400;

// Capitals alone, so that a key that was put in its place is seen before it is shown anywhere.
bool is_variable(std::string_view name) {
  return name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == std::string_view::npos;
}

// What comes of a question that was asked for another's sake: it costs nothing.
EndpointAnswer as_repeated(EndpointAnswer answer) {
  answer.is_usage_believed = true;
  if (answer.outcome == Outcome::kAnswered) {
    answer.outcome = Outcome::kStored;
  } else {
    answer.answer = {};
  }
  return answer;
}

}  // namespace

std::vector<std::string> EndpointConfig::problems() const {
  if (base_url.empty() && model.empty()) {
    return {};  // there is none; so a resolved recipe says it, which has to be read again
  }
  Requirements all;
  const bool may_hold_secret = base_url.find_first_of("@?") != std::string::npos;
  all.require(split_url(base_url).has_value(),
              "base_url{} is not like https://host:port/v1, without user and query",
              may_hold_secret ? "" : fmt::format("=\"{}\"", base_url));
  const bool is_whole = base_url.find("/chat/completions") != std::string::npos;
  all.require(!is_whole || may_hold_secret,
              "base_url=\"{}\" goes too far: it ends before /chat/completions",
              base_url);
  all.require(!model.empty(), "model is missing: the name by which the endpoint knows it");
  all.require(is_variable(key_variable),
              "key_variable is not the name of an environment variable in capitals (the key itself "
              "has no place in a recipe)");
  all.require(concurrency >= 1 && concurrency <= kMostConcurrency,
              "concurrency={} must lie in [1, {}]",
              concurrency,
              kMostConcurrency);
  all.require(retries >= 0 && retries <= kMostRetries,
              "retries={} must lie in [0, {}]",
              retries,
              kMostRetries);
  all.require(timeout_s > 0 && timeout_s <= kMostTimeout_s,
              "timeout_s={} must be positive, and a day at most",
              timeout_s);
  const auto require_price = [&](std::string_view name, double price) {
    all.require(price >= 0 && std::isfinite(price), "{}={} must not be negative", name, price);
  };
  require_price("dollars_per_million_prompt_tokens", dollars_per_million_prompt_tokens);
  require_price("dollars_per_million_answer_tokens", dollars_per_million_answer_tokens);
  return all.take();
}

void Tally::add(const EndpointAnswer& answer) {
  std::int64_t* const counts[] = {&answered, &stored, &refused, &given_up, &junk, &out_of_budget};
  ++*counts[static_cast<std::size_t>(answer.outcome)];
  usage_not_believed += answer.is_usage_believed ? 0 : 1;
  if (answer.outcome != Outcome::kStored) {
    cost += answer.answer.cost;
  }
}

double Patience::wait_s(std::int64_t tried, std::optional<double> retry_after_s, Rng& rng) const {
  const double grown = std::min(most_s, std::ldexp(first_s, static_cast<int>(tried)));
  return std::min(most_s, retry_after_s.value_or(0) + grown * (0.5 + 0.5 * rng.uniform()));
}

Endpoint::Endpoint(EndpointConfig config, AnswerStore& store)
    : config_(std::move(config)), store_(store) {
  const auto problems = config_.problems();
  check(problems.empty(), "endpoint: {}", fmt::join(problems, "; "));
  key_ = read_key(config_);
}

EndpointAnswers Endpoint::ask(std::span<const Question> questions, const AskOptions& options) {
  check(options.budget.dollars <= 0 || config_.dollars_per_million_prompt_tokens > 0 ||
            config_.dollars_per_million_answer_tokens > 0,
        "a budget of {} dollars can only be held with dollars_per_million_prompt_tokens and "
        "dollars_per_million_answer_tokens",
        options.budget.dollars);
  EndpointAnswers answers{.answers = std::vector<EndpointAnswer>(questions.size())};
  std::vector<std::size_t> to_ask;
  std::map<std::string, std::size_t> first;                   // of equal questions
  std::vector<std::pair<std::size_t, std::size_t>> repeated;  // and the first of each
  for (std::size_t i = 0; i < questions.size(); ++i) {
    throw_if_stopped();
    check_question(questions[i]);
    const AnswerKey key = key_of(config_, questions[i]);
    if (auto stored = store_.find(key)) {
      answers.answers[i] = {.outcome = Outcome::kStored, .answer = std::move(*stored)};
      answers.tally.add(answers.answers[i]);
    } else if (const auto [known, is_new] = first.emplace(key.digest(), i); is_new) {
      to_ask.push_back(i);
    } else {
      repeated.emplace_back(i, known->second);
    }
  }
  ask_all({config_, key_, store_, questions, options, to_ask}, answers);
  for (const auto& [i, other] : repeated) {
    answers.answers[i] = as_repeated(answers.answers[other]);
    answers.tally.add(answers.answers[i]);
  }
  if (options.on_progress) {
    options.on_progress(answers.tally);
  }
  return answers;
}

}  // namespace rq::synth
