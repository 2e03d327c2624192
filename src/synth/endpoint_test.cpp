#include "synth/endpoint.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/json.h"
#include "base/signals.h"
#include "synth/testing/asking.h"
#include "synth/testing/fake_endpoint.h"

namespace rq::synth {
namespace {

using httplib::Request;
using httplib::Response;

TEST_F(AskingTest, AnswersStandInTheOrderOfTheirQuestions) {
  FakeEndpoint fake([](int, const Request& request, Response& response) {
    Json reply = usual_reply();
    reply["choices"][0]["message"]["content"] = "to " + content_of(request);
    response.set_content(reply.dump(), "application/json");
  });
  const EndpointAnswers all = ask(fake, 20);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(all.answers[i].outcome, Outcome::kAnswered);
    EXPECT_EQ(all.answers[i].answer.text, fmt::format("to question {}", i));
  }
  EXPECT_EQ(all.tally.answered, 20);
  EXPECT_EQ(all.tally.cost.prompt_tokens, 240);
  EXPECT_EQ(all.tally.cost.answer_tokens, 60);
  EXPECT_DOUBLE_EQ(all.tally.cost.dollars, 20 * (12 * 1e-6 + 3 * 1e-5));
  EXPECT_EQ(fake.requests()[0].path, "/v1/chat/completions");
}

TEST_F(AskingTest, WhatTheStoreHoldsIsNotAskedAgain) {
  FakeEndpoint fake;
  ask(fake, 3);
  const EndpointAnswers again = ask(fake, 5);
  EXPECT_EQ(fake.requests().size(), 5);
  EXPECT_EQ(again.tally.stored, 3);
  EXPECT_EQ(again.tally.answered, 2);
  EXPECT_EQ(again.tally.cost.prompt_tokens, 24);
  EXPECT_EQ(again.answers[0].outcome, Outcome::kStored);
  EXPECT_EQ(again.answers[0].answer.text, "forty-two");
}

TEST_F(AskingTest, AQuestionThatStandsThereTwiceIsPaidOnce) {
  FakeEndpoint fake;
  std::vector<Question> all = questions(1);
  all.push_back(all[0]);
  all.push_back(all[0]);
  all[2].sample = 1;
  const EndpointAnswers answers = ask(config_of(fake), all);
  EXPECT_EQ(fake.requests().size(), 2);
  EXPECT_EQ(answers.answers[1].answer.text, "forty-two");
  EXPECT_EQ(answers.tally.answered, 2);
  EXPECT_EQ(answers.tally.stored, 1);
  EXPECT_EQ(answers.tally.cost.prompt_tokens, 24);
}

TEST_F(AskingTest, NothingIsSentOnceTheBudgetIsReachedWithWhatWasSpentBefore) {
  FakeEndpoint fake;
  EndpointConfig config = config_of(fake);
  config.concurrency = 1;
  const auto tally = [&](int count, Budget budget) {
    return ask(config, questions(count), budget).tally;
  };
  EXPECT_EQ(tally(10, {.tokens = 45}).answered, 3);  // of 15 tokens each
  EXPECT_EQ(tally(10, {.tokens = 45}).out_of_budget, 7);
  EXPECT_EQ(fake.requests().size(), 3);
  EXPECT_EQ(tally(10, {.tokens = 46}).answered, 1);
  EXPECT_EQ(tally(10, {.dollars = 6 * 42e-6 - 1e-9}).answered, 2);
  EXPECT_EQ(fake.requests().size(), 6);
}

TEST_F(AskingTest, UsageThatIsNotBelievedDoesNotFoolTheBudget) {
  FakeEndpoint fake([](int nth, const Request&, Response& response) {
    Json reply = usual_reply();
    reply["choices"][0]["message"]["content"] = std::string(400, 'x');
    reply["usage"] = nth % 2 == 0 ? Json() : Json{{"prompt_tokens", 0}, {"completion_tokens", -9}};
    response.set_content(reply.dump(), "application/json");
  });
  EndpointConfig config = config_of(fake);
  config.concurrency = 1;
  const EndpointAnswers all = ask(config, questions(10), {.tokens = 300});
  EXPECT_EQ(all.tally.answered, 3);
  EXPECT_EQ(all.tally.usage_not_believed, 3);
  EXPECT_EQ(all.tally.cost.answer_tokens, 300);
}

TEST_F(AskingTest, JunkCountsTowardsTheBudgetAlsoOfLaterCalls) {
  FakeEndpoint fake([](int, const Request&, Response& response) {
    Json reply = usual_reply();
    reply["choices"][0]["message"]["content"] = nullptr;
    response.set_content(reply.dump(), "application/json");
  });
  EndpointConfig config = config_of(fake);
  config.concurrency = 1;
  EXPECT_EQ(ask(config, questions(10), {.tokens = 30}).tally.junk, 2);
  EXPECT_EQ(ask(config, questions(10), {.tokens = 30}).tally.out_of_budget, 10);
}

TEST_F(AskingTest, AStopKeepsWhatCameAndGivesUpTheRestAfterAMoment) {
  FakeEndpoint fake([&](int, const Request& request, Response&) {
    if (content_of(request) != "question 0") {
      fake.hold();
    }
  });
  Endpoint endpoint(config_of(fake), store_);
  const auto stop = [](const Tally& tally) { request_stop(tally.answered == 1); };
  EXPECT_THROW(endpoint.ask(questions(9), {.on_progress = stop, .patience = kQuick}), Interrupted);
  EXPECT_TRUE(has_answer(0));
  EXPECT_LE(fake.requests().size(), 3);
}

TEST_F(AskingTest, AStopTakesInWhatIsInFlight) {
  FakeEndpoint fake([](int, const Request&, Response&) {
    request_stop();
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
  });
  Patience patience = kQuick;
  patience.stopping_s = 5;
  Endpoint endpoint(config_of(fake), store_);
  EXPECT_THROW(endpoint.ask(questions(9), {.patience = patience}), Interrupted);
  EXPECT_EQ(store_.totals()["teacher"].answers, static_cast<std::int64_t>(fake.requests().size()));
}

TEST_F(AskingTest, AStopEndsALongWaitForTheNextTry) {
  FakeEndpoint fake([](int, const Request&, Response& response) {
    fail_with(response, 500);
    request_stop();
  });
  Endpoint endpoint(config_of(fake), store_);
  const Patience patience{.first_s = 1000, .most_s = 1000, .stopping_s = 1000};
  EXPECT_THROW(endpoint.ask(questions(1), {.patience = patience}), Interrupted);
}

TEST_F(AskingTest, ProgressEndsWithTheWholeTally) {
  FakeEndpoint fake;
  Tally last;
  Endpoint endpoint(config_of(fake), store_);
  endpoint.ask(questions(5), {.on_progress = [&](const Tally& tally) { last = tally; }});
  EXPECT_EQ(last.done(), 5);
  const auto fail_at_once = [](const Tally&) { throw Error("no terminal"); };
  EXPECT_THROW(endpoint.ask(questions(50), {.on_progress = fail_at_once}), Error);
}

TEST_F(AskingTest, ADollarBudgetNeedsPrices) {
  FakeEndpoint fake;
  EndpointConfig config = config_of(fake);
  config.dollars_per_million_prompt_tokens = config.dollars_per_million_answer_tokens = 0;
  EXPECT_THROW(ask(config, questions(1), {.dollars = 1}), Error);
  EXPECT_EQ(ask(config, questions(1), {.tokens = 100}).tally.answered, 1);
}

TEST(EndpointConfig, EachProblemIsASentenceThatShowsNoSecret) {
  EXPECT_TRUE((EndpointConfig{.base_url = "http://host/v1", .model = "m"}).problems().empty());
  EXPECT_TRUE(EndpointConfig().problems().empty())
      << "a resolved recipe says it where there is none";
  EXPECT_FALSE((EndpointConfig{.model = "m"}).problems().empty());
  const EndpointConfig bad{.base_url = "https://me:secret@host/v1",
                           .key_variable = "sk-secret",
                           .concurrency = 0,
                           .retries = -1,
                           .timeout_s = 0,
                           .dollars_per_million_prompt_tokens = -1,
                           .dollars_per_million_answer_tokens = 1. / 0.};
  const auto problems = bad.problems();
  EXPECT_EQ(problems.size(), 8);
  EXPECT_EQ(fmt::format("{}", fmt::join(problems, " ")).find("secret"), std::string::npos);
  const EndpointConfig whole{.base_url = "http://host/v1/chat/completions", .model = "m"};
  EXPECT_EQ(whole.problems().size(), 1);
}

}  // namespace
}  // namespace rq::synth
