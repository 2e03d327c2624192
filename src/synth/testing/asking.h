#pragma once
// What the tests of asking share: quick patience, questions, and a store in a folder of its own.

#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/json.h"
#include "base/signals.h"
#include "synth/answer_store.h"
#include "synth/endpoint.h"
#include "synth/testing/fake_endpoint.h"

namespace rq::synth {

inline constexpr Patience kQuick{.first_s = 0.002, .most_s = 0.01, .stopping_s = 0.05};

inline std::vector<Question> questions(int count) {
  std::vector<Question> all;
  for (int i = 0; i < count; ++i) {
    const Json message = {{"role", "user"}, {"content", fmt::format("question {}", i)}};
    all.push_back({.messages = Json::array({message})});
  }
  return all;
}

inline std::string content_of(const httplib::Request& request) {
  return Json::parse(request.body)["messages"][0]["content"];
}

class AskingTest : public testing::Test {
 protected:
  ~AskingTest() override {
    request_stop(false);
    std::filesystem::remove_all(folder_);
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

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / fmt::format("rorqual-asking-test-{}", ::getpid());
  AnswerStore store_{folder_ / "answers.sqlite"};
};

}  // namespace rq::synth
