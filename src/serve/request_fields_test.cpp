#include "serve/request_fields.h"

#include <cstdint>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "serve/api_error.h"

namespace rq::serve {
namespace {

// The member that an error names; empty where there is none.
std::string refused(const std::function<void()>& act) {
  try {
    act();
  } catch (const ApiError& error) {
    EXPECT_EQ(error.status(), 400);
    const Json parameter = error.body()["error"]["param"];
    return parameter.is_null() ? "body" : parameter.get<std::string>();
  }
  return "";
}

TEST(RequestFields, AbsentAndNullMembersAreTheFallback) {
  const Json body = {{"a", nullptr}};
  EXPECT_EQ(number_or(body, "a", 2.5), 2.5);
  EXPECT_EQ(integer_or(body, "b", 7, 0, 10), 7);
  EXPECT_TRUE(flag_or(body, "a", true));
  EXPECT_EQ(text_or(body, "b", "x"), "x");
}

TEST(RequestFields, WrongTypesAndRangesNameTheMember) {
  const Json body = {{"text", "x"}, {"half", 0.5}, {"huge", UINT64_MAX}, {"minus", -1}};
  EXPECT_EQ(refused([&] { number_or(body, "text", 0); }), "text");
  EXPECT_EQ(refused([&] { number_or(body, "minus", 0, {0, 1}); }), "minus");
  EXPECT_EQ(refused([&] { integer_or(body, "half", 0, 0, 1); }), "half");
  EXPECT_EQ(refused([&] { integer_or(body, "huge", 0, 0, INT64_MAX); }), "huge");
  EXPECT_EQ(refused([&] { flag_or(body, "half", false); }), "half");
  EXPECT_EQ(refused([&] { text_or(body, "half", ""); }), "half");
}

TEST(RequestFields, BodiesThatAreNoSmallObjectsAreRefused) {
  EXPECT_EQ(refused([] { parse_body("{"); }), "body");
  EXPECT_EQ(refused([] { parse_body("[]"); }), "body");
  EXPECT_EQ(refused([] { parse_body("{\"a\": NaN}"); }), "body");
  EXPECT_EQ(refused([] { parse_body(std::string(1'000'000, '[')); }), "body");
  EXPECT_EQ(parse_body("{\"a\": [[1]]}")["a"][0][0], 1);
}

TEST(RequestFields, SettingsAreThoseOfTheApi) {
  const Settings settings = read_settings(parse_body(R"({
      "temperature": 0.5, "top_p": 0.9, "top_k": -1, "seed": 11, "n": 2, "stop": ["a", "b"],
      "logit_bias": {"3": -100}, "stream": true, "stream_options": {"include_usage": true}})"),
                                          50);
  EXPECT_EQ(settings.sampling.temperature, 0.5);
  EXPECT_EQ(settings.sampling.top_p, 0.9);
  EXPECT_EQ(settings.sampling.top_k, 0);
  EXPECT_EQ(settings.sampling.seed, 11);
  EXPECT_EQ(settings.sampling.bias.at(0).first, 3);
  EXPECT_EQ(settings.n, 2);
  EXPECT_EQ(settings.stops.size(), 2);
  EXPECT_TRUE(settings.streams && settings.streams_usage);
  EXPECT_EQ(refused([] { read_settings({{"stop", {1}}}, 50); }), "stop");
  EXPECT_EQ(refused([] { read_settings({{"n", 2}, {"best_of", 3}}, 50); }), "best_of");
  EXPECT_EQ(refused([] { read_settings({{"logit_bias", {{"1x", 1}}}}, 50); }), "logit_bias");
}

TEST(RequestFields, WithoutASeedEveryRequestHasAnother) {
  EXPECT_NE(read_settings(Json::object(), 50).sampling.seed,
            read_settings(Json::object(), 50).sampling.seed);
}

}  // namespace
}  // namespace rq::serve
