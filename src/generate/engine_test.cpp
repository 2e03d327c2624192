// Requests through the engine, against scores and against themselves in other company.

#include "generate/engine.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/rng.h"
#include "generate/score.h"
#include "generate/testing/small_model.h"

namespace rq::generate {
namespace {

using testing::small_model;
using Tokens = std::vector<std::int32_t>;

struct Answer {
  Tokens tokens;
  std::vector<float> logprobs;
  std::vector<float> prompt_logprobs;
  std::optional<Finish> finish;

  bool operator==(const Answer&) const = default;
};

// Adds the request with a listener that fills `answer`.
Engine::Id add(Engine& engine, Request request, Answer& answer) {
  request.on_token = [&answer](const Token& token) {
    answer.tokens.push_back(token.token);
    answer.logprobs.push_back(token.logprob);
    return true;
  };
  request.on_prompt = [&answer](const std::vector<Token>& tokens) {
    for (const Token& token : tokens) {
      answer.prompt_logprobs.push_back(token.logprob);
    }
  };
  request.on_finish = [&answer](const Outcome& outcome) { answer.finish = outcome.finish; };
  return engine.add(std::move(request));
}

Answer answer_alone(const Request& request) {
  Engine engine(small_model(), {.threads = 1});
  Answer answer;
  add(engine, request, answer);
  while (engine.step()) {
  }
  return answer;
}

Tokens draw_tokens(std::size_t count, std::uint64_t seed) {
  Rng rng(seed, "tokens");
  Tokens tokens(count);
  for (std::int32_t& token : tokens) {
    token = static_cast<std::int32_t>(rng.below(50));
  }
  return tokens;
}

TEST(Engine, AtTemperatureZeroEachTokenIsTheMostProbableByScore) {
  const Answer answer =
      answer_alone({.prompt = {5, 9, 2}, .sampling = {.temperature = 0}, .max_tokens = 12});
  ASSERT_EQ(answer.tokens.size(), 12);
  EXPECT_EQ(answer.finish, Finish::kLength);
  Tokens text = {5, 9, 2};
  for (std::size_t i = 0; i < answer.tokens.size(); ++i) {
    text.push_back(answer.tokens[i]);
    const float chosen = log_probabilities(small_model(), text).back();
    EXPECT_NEAR(answer.logprobs[i], chosen, 1e-5);
    for (std::int32_t other = 0; other < 50; ++other) {
      Tokens instead = text;
      instead.back() = other;
      EXPECT_LE(log_probabilities(small_model(), instead).back(), chosen + 1e-4F);
    }
  }
}

TEST(Engine, LogprobsOfPromptAndAnswerAreThoseOfScore) {
  const Answer answer =
      answer_alone({.prompt = draw_tokens(21, 1), .max_tokens = 15, .scores_prompt = true});
  Tokens text = draw_tokens(21, 1);
  text.insert(text.end(), answer.tokens.begin(), answer.tokens.end());
  std::vector<float> all = answer.prompt_logprobs;
  all.insert(all.end(), answer.logprobs.begin(), answer.logprobs.end());
  const std::vector<float> expected = log_probabilities(small_model(), text);
  ASSERT_EQ(all.size(), expected.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_NEAR(all[i], expected[i], 1e-5);
  }
}

TEST(Engine, TemperedLogprobsAreThoseOfTheDistributionThatIsDrawnFrom) {
  Request request{.prompt = draw_tokens(21, 1), .sampling = {.temperature = 0.5}, .max_tokens = 1};
  const Answer plain = answer_alone(request);
  request.is_tempered = true;
  const Answer tempered = answer_alone(request);
  ASSERT_EQ(tempered.tokens, plain.tokens);
  double total = 0;  // of the squared probabilities, which the temperature 0.5 draws by
  for (std::int32_t token = 0; token < 50; ++token) {
    Tokens text = request.prompt;
    text.push_back(token);
    total += std::exp(2 * static_cast<double>(log_probabilities(small_model(), text).back()));
  }
  EXPECT_NEAR(
      tempered.logprobs[0], 2 * static_cast<double>(plain.logprobs[0]) - std::log(total), 1e-5);
}

TEST(Engine, APromptAloneCanBeScored) {
  const Answer answer = answer_alone(
      {.prompt = draw_tokens(40, 1), .max_tokens = 0, .scores_prompt = true});  // a whole context
  EXPECT_EQ(answer.prompt_logprobs.size(), 39);
  EXPECT_TRUE(answer.tokens.empty());
  EXPECT_EQ(answer.finish, Finish::kLength);
}

TEST(Engine, WhatIsScoredBehindACommonBeginningReadsThatOnce) {
  Engine engine(small_model(), {});
  const Tokens common = draw_tokens(35, 1);
  for (std::int32_t last = 0; last < 3; ++last) {
    Request request{.prompt = common, .max_tokens = 0, .scores_prompt = true};
    request.prompt.push_back(last);
    const Answer whole = answer_alone(request);
    request.scores_from = 34;
    Answer answer;
    add(engine, request, answer);
    while (engine.step()) {
    }
    ASSERT_EQ(answer.prompt_logprobs.size(), 2);
    EXPECT_EQ(answer.prompt_logprobs[0], whole.prompt_logprobs[33]);
    EXPECT_EQ(answer.prompt_logprobs[1], whole.prompt_logprobs[34]);
  }
  EXPECT_EQ(engine.status().reused_tokens, 2 * 32);  // whole pages
}

// Requests of all kinds, some with a beginning in common.
std::vector<Request> various_requests() {
  std::vector<Request> requests;
  const Tokens common = draw_tokens(19, 100);
  for (std::uint64_t i = 0; i < 12; ++i) {
    Request request{.prompt = draw_tokens(1 + i * 2, i), .max_tokens = 14};
    if (i % 3 == 0) {
      request.prompt = common;
      request.prompt.push_back(static_cast<std::int32_t>(i % 2));
    }
    request.sampling.seed = i;
    request.sampling.temperature = i % 4 == 0 ? 0 : 1;
    request.sampling.top_p = i % 5 == 0 ? 0.8 : 1;
    request.scores_prompt = i % 6 == 1;
    request.scores_from = i % 6 == 1 ? static_cast<std::int64_t>(1 + i / 2) : 1;
    requests.push_back(request);
  }
  return requests;
}

void expect_answers_as_alone(const EngineConfig& config, EngineStatus& status) {
  const std::vector<Request> requests = various_requests();
  std::vector<Answer> answers(requests.size());
  Engine engine(small_model(), config);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    add(engine, requests[i], answers[i]);
    engine.step();
  }
  while (engine.step()) {
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(answers[i], answer_alone(requests[i])) << "request " << i;
  }
  status = engine.status();
  EXPECT_EQ(status.running + status.waiting + status.pages_held, 0);
}

TEST(Engine, ARequestsTokensAndLogprobsHaveTheSameBitsInAnyCompany) {
  EngineStatus status;
  expect_answers_as_alone({.threads = 3, .drafts = Drafts::kAlways}, status);
  EXPECT_GT(status.reused_tokens, 0);
  EXPECT_EQ(status.set_aside, 0);
  EXPECT_EQ(status.answer_tokens, 12 * 14);
}

TEST(Engine, AndWherePagesAreScarceAndStepsAreShort) {
  EngineStatus status;
  expect_answers_as_alone({.cache_tokens = 80, .step_tokens = 5, .threads = 2}, status);
  EXPECT_GT(status.set_aside, 0);
}

TEST(Engine, GuessingAheadChangesNoBitOfAnyAnswer) {
  std::int64_t drafted = 0, accepted = 0;
  for (const Request& request : various_requests()) {
    Engine plain(small_model(), {.threads = 1, .drafts = Drafts::kNever});
    Answer expected;
    add(plain, request, expected);
    while (plain.step()) {
    }
    EXPECT_EQ(plain.status().drafted_tokens, 0);
    Engine guessing(small_model(), {.threads = 1, .drafts = Drafts::kAlways});
    Answer answer;
    add(guessing, request, answer);
    while (guessing.step()) {
    }
    EXPECT_EQ(answer, expected);
    drafted += guessing.status().drafted_tokens;
    accepted += guessing.status().accepted_tokens;
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, drafted);
}

TEST(Engine, SamplesOfOnePromptReadItOnce) {
  Engine engine(small_model(), {.threads = 2});
  const Tokens prompt = draw_tokens(33, 7);
  std::vector<Answer> answers(5);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    add(engine, {.prompt = prompt, .sampling = {.seed = i}, .max_tokens = 5}, answers[i]);
  }
  while (engine.step()) {
  }
  EXPECT_EQ(engine.status().prompt_tokens, 5 * 33);
  EXPECT_EQ(engine.status().reused_tokens, 4 * 32);
  EXPECT_NE(answers[0].tokens, answers[1].tokens);
}

TEST(Engine, ACancelledRequestGivesItsPagesBackWhereverItStands) {
  Engine engine(small_model(), {.most_running = 1, .threads = 1});
  Answer under_way, waiting, other;
  const Engine::Id first = add(engine, {.prompt = {1, 2, 3}, .max_tokens = 30}, under_way);
  const Engine::Id second = add(engine, {.prompt = {4}, .max_tokens = 30}, waiting);
  add(engine, {.prompt = {5}, .max_tokens = 3}, other);
  engine.step();
  engine.step();
  EXPECT_GT(engine.status().pages_held, 0);
  engine.cancel(first);
  engine.cancel(second);
  engine.cancel(12345);  // no such request
  while (engine.step()) {
  }
  EXPECT_EQ(under_way.finish, Finish::kCancelled);
  EXPECT_EQ(under_way.tokens.size(), 2);
  EXPECT_EQ(waiting.finish, Finish::kCancelled);
  EXPECT_EQ(other.tokens.size(), 3);
  EXPECT_EQ(engine.status().pages_held, 0);
}

TEST(Engine, EndsAtAnEndTokenAtTheContextAndWhereTheListenerHasEnough) {
  Engine engine(small_model(), {.threads = 1});
  const Request greedy{.prompt = {1, 2}, .sampling = {.temperature = 0}, .max_tokens = 100};
  const Tokens all = continue_tokens(engine, greedy);
  EXPECT_EQ(all.size(), 38);  // the context is 40
  Request stopped = greedy;
  stopped.end_tokens = {all[3]};
  const auto expected = std::find(all.begin(), all.end(), all[3]) - all.begin();
  EXPECT_EQ(continue_tokens(engine, stopped).size(), static_cast<std::size_t>(expected));
  Request sated = greedy;
  sated.on_token = [&](const Token& token) { return token.token != all[3]; };
  EXPECT_EQ(continue_tokens(engine, sated).size(), static_cast<std::size_t>(expected) + 1);
}

TEST(Engine, ReportsTheMostProbableAlternatives) {
  Engine engine(small_model(), {.threads = 1});
  Request request{
      .prompt = {3}, .sampling = {.temperature = 0}, .max_tokens = 4, .alternatives = 3};
  int reported = 0;
  request.on_token = [&](const Token& token) {
    EXPECT_EQ(token.alternatives.size(), 3);
    EXPECT_EQ(token.alternatives.front().token, token.token);
    EXPECT_EQ(token.alternatives.front().logprob, token.logprob);
    EXPECT_GE(token.alternatives[1].logprob, token.alternatives[2].logprob);
    return ++reported > 0;
  };
  continue_tokens(engine, request);
  EXPECT_EQ(reported, 4);
}

TEST(Engine, WhatCannotBeServedIsRefused) {
  Engine engine(small_model(), {.cache_tokens = 32, .threads = 1});
  EXPECT_THROW(engine.add({.prompt = {}}), Error);
  EXPECT_THROW(engine.add({.prompt = {50}}), Error);
  EXPECT_THROW(engine.add({.prompt = Tokens(40, 1), .max_tokens = 1}), Error);
  EXPECT_THROW(engine.add({.prompt = {1}, .max_tokens = -1}), Error);
  EXPECT_THROW(engine.add({.prompt = Tokens(30, 1), .max_tokens = 3}), Error) << "of 32 cached";
  EXPECT_THROW(engine.add({.prompt = {1}, .sampling = {.top_p = 0}}), Error);
  EXPECT_FALSE(engine.step());
}

}  // namespace
}  // namespace rq::generate
