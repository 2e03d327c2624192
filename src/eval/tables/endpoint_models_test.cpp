#include "eval/tables/endpoint_models.h"

#include <string>

#include <gtest/gtest.h>

namespace rq::eval {
namespace {

// "Ünit: two" and one token more that was generated.
Json echoed() {
  return {{"choices",
           {{{"text", "Ünit: two!"},
             {"logprobs",
              {{"tokens", {"Ünit", ":", " t", "wo", "!"}},
               {"token_logprobs", {nullptr, -1.0, -0.5, -0.25, -9.0}},
               {"top_logprobs",
                {nullptr, {{":", -1.0}}, {{" t", -0.5}}, {{"wo", -0.25}}, {{"?", -1.0}}}},
               {"text_offset", {0, 4, 5, 7, 9}}}}}}}};
}

TEST(ReadLikelihood, AddsUpTheContinuationAlone) {
  const Reply reply = read_likelihood(echoed(), {.context = "Ünit:", .continuation = " two"});
  EXPECT_DOUBLE_EQ(reply.logprob, -0.75);
  EXPECT_EQ(reply.tokens, 2);
  EXPECT_TRUE(reply.is_greedy);
}

TEST(ReadLikelihood, ABlankAtTheEndOfTheContextIsTheContinuations) {
  EXPECT_DOUBLE_EQ(read_likelihood(echoed(), {.context = "Ünit: ", .continuation = "two"}).logprob,
                   -0.75);
}

TEST(ReadLikelihood, WithoutOffsetsTokensAreCounted) {
  Json body = echoed();
  body["choices"][0]["logprobs"].erase("text_offset");
  EXPECT_DOUBLE_EQ(read_likelihood(body, {.context = "Ünit:", .continuation = " two"}).logprob,
                   -0.75);
}

TEST(ReadLikelihood, IsNotGreedyWhereAnotherTokenIsMoreProbable) {
  Json body = echoed();
  body["choices"][0]["logprobs"]["top_logprobs"][3] = {{"en", -0.1}};
  EXPECT_FALSE(read_likelihood(body, {.context = "Ünit:", .continuation = " two"}).is_greedy);
}

TEST(ReadLikelihood, AnEndpointWithoutLogProbabilitiesIsSaidToHaveNone) {
  const Json body = {{"choices", {{{"text", "Ünit: two"}, {"logprobs", nullptr}}}}};
  const Reply reply = read_likelihood(body, {.context = "Ünit:", .continuation = " two"});
  EXPECT_NE(reply.failure.find("tells no log-probabilities"), std::string::npos);
  EXPECT_FALSE(read_likelihood("nonsense", {}).failure.empty());
}

TEST(ReadCompletion, KnowsAnAnswerThatWasCut) {
  const Reply reply = read_completion({{"choices", {{{"text", "4"}, {"finish_reason", "length"}}}},
                                       {"usage", {{"completion_tokens", 7}}}});
  EXPECT_EQ(reply.text, "4");
  EXPECT_EQ(reply.tokens, 7);
  EXPECT_TRUE(reply.is_cut);
  EXPECT_FALSE(read_completion({{"choices", Json::array()}}).failure.empty());
}

}  // namespace
}  // namespace rq::eval
