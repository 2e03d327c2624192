// What becomes of questions when the endpoint fails, in every way that it can.

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "synth/endpoint.h"
#include "synth/testing/asking.h"
#include "synth/testing/fake_endpoint.h"

namespace rq::synth {
namespace {

using httplib::Request;
using httplib::Response;

class FailingEndpoint : public AskingTest {};

TEST_F(FailingEndpoint, WhatMayPassIsTriedAgain) {
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

TEST_F(FailingEndpoint, BrokenConnectionsAndTimeOutsAreTriedAgain) {
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

TEST_F(FailingEndpoint, AReplyThatTricklesEndsAtTheTimeLimitToo) {
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

TEST_F(FailingEndpoint, AReplyLongerThanAnyAnswerIsNotReadToItsEnd) {
  FakeEndpoint fake([](int, const Request&, Response& response) {
    response.body.clear();
    response.set_chunked_content_provider(
        "application/json", [piece = std::string(1 << 20, ' ')](auto, httplib::DataSink& sink) {
          return sink.write(piece.data(), piece.size());
        });
  });
  EndpointConfig config = config_of(fake);
  config.retries = 0;
  config.timeout_s = 60;  // however slow the machine: it is the length that ends it
  EXPECT_EQ(ask(config, questions(1)).answers[0].why,
            config.base_url + ": its reply is longer than any answer");
}

TEST_F(FailingEndpoint, IsGivenUpAfterAllRetries) {
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

TEST_F(FailingEndpoint, EndsWhereOneQuestionAfterAnotherIsGivenUp) {
  FakeEndpoint fake(
      [](int, const Request&, Response& response) { fail_with(response, 429, "no money"); });
  EndpointConfig config = config_of(fake);
  config.retries = 0;
  EXPECT_EQ(ask(config, questions(31)).tally.given_up, 31);
  EXPECT_EQ(error_of(config, 100),
            "32 questions in a row were given up; the last: " + config.base_url +
                " answers 429: no money");
}

TEST_F(FailingEndpoint, ARefusedQuestionIsCountedAndTheOthersGoOn) {
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

TEST_F(FailingEndpoint, AKeyThatIsRefusedIsAnErrorThatDoesNotShowIt) {
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

TEST_F(FailingEndpoint, AModelOrPathThatIsNotThereIsAnError) {
  FakeEndpoint fake(
      [](int, const Request&, Response& response) { fail_with(response, 404, "no model"); });
  EXPECT_EQ(error_of(config_of(fake), 50),
            fake.address() + "/v1 answers 404: no model (check base_url, and model=\"teacher\")");
  EXPECT_LE(fake.requests().size(), 2);
}

TEST_F(FailingEndpoint, WhereThereIsNoEndpointOneSentenceSaysSo) {
  EndpointConfig config = config_of(FakeEndpoint());  // which is gone by now
  EXPECT_EQ(error_of(config, 50),
            config.base_url +
                ": no connection in 4 tries: check that it runs there, and the host "
                "and port of base_url");
  config.base_url = "http://teacher.invalid/v1";
  EXPECT_NE(error_of(config).find("http://teacher.invalid/v1: no connection"), std::string::npos);
}

TEST_F(FailingEndpoint, JunkIsCountedAndAskedAgainByTheNextCall) {
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
