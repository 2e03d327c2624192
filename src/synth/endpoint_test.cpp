#include "synth/endpoint.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/signals.h"
#include "synth/testing/fake_endpoint.h"

namespace rq::synth {
namespace {

namespace fs = std::filesystem;
using httplib::Request;
using httplib::Response;

constexpr Patience kQuick{.first_s = 0.002, .most_s = 0.01, .stopping_s = 0.05};

std::vector<Question> questions(int count) {
  std::vector<Question> all;
  for (int i = 0; i < count; ++i) {
    const Json message = {{"role", "user"}, {"content", fmt::format("question {}", i)}};
    all.push_back({.messages = Json::array({message})});
  }
  return all;
}

std::string content_of(const Request& request) {
  return Json::parse(request.body)["messages"][0]["content"];
}

class Asking : public testing::Test {
 protected:
  ~Asking() override {
    request_stop(false);
    fs::remove_all(folder_);
  }

  static EndpointConfig config_of(const FakeEndpoint& fake) {
    return {.base_url = fake.address() + "/v1",
            .model = "teacher",
            .concurrency = 2,
            .retries = 3,
            .timeout_s = 5,
            .dollars_per_million_prompt_tokens = 1,
            .dollars_per_million_answer_tokens = 10};
  }
  EndpointAnswers ask(const EndpointConfig& config,
                      const std::vector<Question>& all,
                      Budget budget = {}) {
    return Endpoint(config, store_).ask(all, {.budget = budget, .patience = kQuick});
  }
  EndpointAnswers ask(const FakeEndpoint& fake, int count, Budget budget = {}) {
    return ask(config_of(fake), questions(count), budget);
  }
  std::string error_of(const EndpointConfig& config, int count = 1) {
    try {
      ask(config, questions(count));
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  bool has_answer(int question) const {
    const Json messages = questions(question + 1).back().messages;
    return store_.find({"teacher", messages.dump(), "{}", 0}).has_value();
  }

  fs::path folder_ = fs::temp_directory_path() / fmt::format("rorqual-asking-test-{}", ::getpid());
  AnswerStore store_{folder_ / "answers.sqlite"};
};

TEST_F(Asking, AnswersStandInTheOrderOfTheirQuestions) {
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

TEST_F(Asking, WhatTheStoreHoldsIsNotAskedAgain) {
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

TEST_F(Asking, AQuestionThatStandsThereTwiceIsPaidOnce) {
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

TEST_F(Asking, WhatMayPassIsTriedAgain) {
  for (const int status : {408, 409, 425, 429, 500, 503}) {
    FakeEndpoint fake([&](int nth, const Request&, Response& response) {
      if (nth < 2) {
        fail_with(response, status);
      }
    });
    std::vector<Question> all = questions(1);
    all[0].sample = status;
    EXPECT_EQ(ask(config_of(fake), all).tally.answered, 1) << status;
    EXPECT_EQ(fake.requests().size(), 3) << status;
  }
}

TEST_F(Asking, BrokenConnectionsAndTimeOutsAreTriedAgain) {
  FakeEndpoint fake([&](int nth, const Request&, Response& response) {
    if (nth == 0) {
      break_off(response);
    } else if (nth == 1) {
      fake.hold();
    }
  });
  EndpointConfig config = config_of(fake);
  config.timeout_s = 0.2;
  EXPECT_EQ(ask(config, questions(1)).tally.answered, 1);
  EXPECT_EQ(fake.requests().size(), 3);
}

TEST_F(Asking, AReplyThatTricklesEndsAtTheTimeLimitToo) {
  FakeEndpoint fake([](int, const Request&, Response& response) {
    response.body.clear();
    response.set_chunked_content_provider("application/json", [](auto, httplib::DataSink& sink) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      return sink.write(" ", 1);
    });
  });
  EndpointConfig config = config_of(fake);
  config.timeout_s = 0.1;
  config.retries = 0;
  EXPECT_EQ(ask(config, questions(1)).answers[0].outcome, Outcome::kGivenUp);
}

TEST_F(Asking, IsGivenUpAfterAllRetries) {
  FakeEndpoint fake([](int, const Request& request, Response& response) {
    if (content_of(request) == "question 0") {
      fail_with(response, 503, "overloaded");
    }
  });
  const EndpointAnswers all = ask(fake, 2);
  EXPECT_EQ(all.answers[0].outcome, Outcome::kGivenUp);
  EXPECT_EQ(all.answers[0].why, fake.address() + "/v1 answers 503: overloaded");
  EXPECT_EQ(all.answers[1].outcome, Outcome::kAnswered);
  EXPECT_EQ(all.tally.given_up, 1);
  EXPECT_EQ(fake.requests().size(), 5);
}

TEST_F(Asking, EndsWhereOneQuestionAfterAnotherIsGivenUp) {
  FakeEndpoint fake(
      [](int, const Request&, Response& response) { fail_with(response, 429, "no money"); });
  EndpointConfig config = config_of(fake);
  config.retries = 0;
  EXPECT_EQ(ask(config, questions(31)).tally.given_up, 31);
  EXPECT_EQ(error_of(config, 100),
            "32 questions in a row were given up; the last: " + config.base_url +
                " answers 429: no money");
}

TEST_F(Asking, ARefusedQuestionIsCountedAndTheOthersGoOn) {
  FakeEndpoint fake([](int, const Request& request, Response& response) {
    if (content_of(request) == "question 1") {
      fail_with(response, 400, "too long");
    }
  });
  const EndpointAnswers all = ask(fake, 3);
  EXPECT_EQ(all.answers[1].outcome, Outcome::kRefused);
  EXPECT_NE(all.answers[1].why.find("too long"), std::string::npos);
  EXPECT_EQ(all.tally.refused, 1);
  EXPECT_EQ(all.tally.answered, 2);
  EXPECT_EQ(fake.requests().size(), 3);
}

TEST_F(Asking, AKeyThatIsRefusedIsAnErrorThatDoesNotShowIt) {
  ::setenv("RORQUAL_TEST_KEY", "sk-secret", 1);
  FakeEndpoint fake([](int, const Request& request, Response& response) {
    if (request.get_header_value("Authorization") != "Bearer sk-right") {
      fail_with(response, 401, "wrong key: " + request.get_header_value("Authorization"));
    }
  });
  EndpointConfig config = config_of(fake);
  EXPECT_EQ(error_of(config),
            config.base_url + " answers 401: wrong key:  (no key was sent: key_variable is empty)");
  config.key_variable = "RORQUAL_TEST_KEY";
  EXPECT_EQ(
      error_of(config),
      config.base_url + " answers 401: wrong key: Bearer *** (check the key in RORQUAL_TEST_KEY)");
  EXPECT_EQ(fake.requests().size(), 2);
  ::setenv("RORQUAL_TEST_KEY", "sk-right", 1);
  EXPECT_EQ(error_of(config), "");
  ::unsetenv("RORQUAL_TEST_KEY");
}

TEST_F(Asking, AModelOrPathThatIsNotThereIsAnError) {
  FakeEndpoint fake(
      [](int, const Request&, Response& response) { fail_with(response, 404, "no model"); });
  EXPECT_EQ(error_of(config_of(fake), 50),
            fake.address() + "/v1 answers 404: no model (check base_url, and model=\"teacher\")");
  EXPECT_LE(fake.requests().size(), 2);
}

TEST_F(Asking, WhereThereIsNoEndpointOneSentenceSaysSo) {
  EndpointConfig config = config_of(FakeEndpoint());  // which is gone by now
  EXPECT_EQ(error_of(config, 50),
            config.base_url +
                ": no connection in 4 tries: check that it runs there, and the host "
                "and port of base_url");
  config.base_url = "http://teacher.invalid/v1";
  EXPECT_NE(error_of(config).find("http://teacher.invalid/v1: no connection"), std::string::npos);
}

TEST_F(Asking, JunkIsCountedAndAskedAgainByTheNextCall) {
  FakeEndpoint fake([](int nth, const Request&, Response& response) {
    if (nth == 0) {
      response.set_content("<html>busy</html>", "text/html");
    }
  });
  const EndpointAnswers all = ask(fake, 1);
  EXPECT_EQ(all.tally.junk, 1);
  EXPECT_EQ(all.answers[0].why, "it is not a JSON object: <html>busy</html>");
  EXPECT_EQ(ask(fake, 1).tally.answered, 1);
}

TEST_F(Asking, NothingIsSentOnceTheBudgetIsReachedWithWhatWasSpentBefore) {
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

TEST_F(Asking, UsageThatIsNotBelievedDoesNotFoolTheBudget) {
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

TEST_F(Asking, JunkCountsTowardsTheBudgetAlsoOfLaterCalls) {
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

TEST_F(Asking, AStopKeepsWhatCameAndGivesUpTheRestAfterAMoment) {
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

TEST_F(Asking, AStopTakesInWhatIsInFlight) {
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

TEST_F(Asking, AStopEndsALongWaitForTheNextTry) {
  FakeEndpoint fake([](int, const Request&, Response& response) {
    fail_with(response, 500);
    request_stop();
  });
  Endpoint endpoint(config_of(fake), store_);
  const Patience patience{.first_s = 1000, .most_s = 1000, .stopping_s = 1000};
  EXPECT_THROW(endpoint.ask(questions(1), {.patience = patience}), Interrupted);
}

TEST_F(Asking, ProgressEndsWithTheWholeTally) {
  FakeEndpoint fake;
  Tally last;
  Endpoint endpoint(config_of(fake), store_);
  endpoint.ask(questions(5), {.on_progress = [&](const Tally& tally) { last = tally; }});
  EXPECT_EQ(last.done(), 5);
  const auto fail_at_once = [](const Tally&) { throw Error("no terminal"); };
  EXPECT_THROW(endpoint.ask(questions(50), {.on_progress = fail_at_once}), Error);
}

TEST_F(Asking, ADollarBudgetNeedsPrices) {
  FakeEndpoint fake;
  EndpointConfig config = config_of(fake);
  config.dollars_per_million_prompt_tokens = config.dollars_per_million_answer_tokens = 0;
  EXPECT_THROW(ask(config, questions(1), {.dollars = 1}), Error);
  EXPECT_EQ(ask(config, questions(1), {.tokens = 100}).tally.answered, 1);
}

TEST(EndpointConfig, EachProblemIsASentenceThatShowsNoSecret) {
  EXPECT_TRUE((EndpointConfig{.base_url = "http://host/v1", .model = "m"}).problems().empty());
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

TEST(Patience, DoublesUpToItsMostAndHonoursWhatTheEndpointAsksFor) {
  Rng rng(1, "test");
  const Patience patience{.first_s = 1, .most_s = 60};
  for (int i = 0; i < 100; ++i) {
    const double third = patience.wait_s(2, {}, rng);
    EXPECT_TRUE(third >= 2 && third <= 4) << third;
    const double late = patience.wait_s(90, {}, rng);
    EXPECT_TRUE(late >= 30 && late <= 60) << late;
    const double asked = patience.wait_s(0, 20, rng);
    EXPECT_TRUE(asked >= 20.5 && asked <= 21) << asked;
    EXPECT_EQ(patience.wait_s(0, 86400, rng), 60);
  }
  EXPECT_NE(patience.wait_s(0, {}, rng), patience.wait_s(0, {}, rng));
}

}  // namespace
}  // namespace rq::synth
