#include "generate/sampling.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace rq::generate {
namespace {

using Tokens = std::vector<std::int32_t>;

const std::vector<float> kLogits = {std::log(0.2F), std::log(0.5F), std::log(0.3F)};
constexpr int kDraws = 20000;

// How often each token is drawn, over as many seeds.
std::vector<int> counts(const Sampling& sampling,
                        const Tokens& prompt = {},
                        const Tokens& answer = {}) {
  std::vector<int> drawn(kLogits.size());
  for (int seed = 0; seed < kDraws; ++seed) {
    Sampling seeded = sampling;
    seeded.seed = static_cast<std::uint64_t>(seed);
    ++drawn[static_cast<std::size_t>(Sampler(seeded)(kLogits, {prompt, answer}))];
  }
  return drawn;
}

void expect_shares(const std::vector<int>& drawn, const std::vector<double>& shares) {
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double deviation = std::sqrt(kDraws * shares[i] * (1 - shares[i]));
    EXPECT_NEAR(drawn[i], kDraws * shares[i], 4 * deviation) << "token " << i;
  }
}

TEST(Sampling, DrawsInProportion) {
  expect_shares(counts({}), {0.2, 0.5, 0.3});
  expect_shares(counts({}, {}, {1, 2, 0}), {0.2, 0.5, 0.3});  // another place, other noise
}

TEST(Sampling, TemperatureSharpensAndZeroTakesTheMostProbable) {
  // Squares: 0.04, 0.25, 0.09.
  expect_shares(counts({.temperature = 0.5}), {0.04 / 0.38, 0.25 / 0.38, 0.09 / 0.38});
  expect_shares(counts({.temperature = 0}), {0, 1, 0});
}

TEST(Sampling, OfEqualsTheLowestIsTheMostProbable) {
  EXPECT_EQ(Sampler({.temperature = 0})(std::vector<float>{1, 2, 2}, {}), 1);
}

TEST(Sampling, FiltersLeaveTheMostProbable) {
  expect_shares(counts({.top_k = 1}), {0, 1, 0});
  expect_shares(counts({.top_k = 2}), {0, 0.625, 0.375});
  expect_shares(counts({.top_p = 0.5}), {0, 1, 0});
  expect_shares(counts({.top_p = 0.51}), {0, 0.625, 0.375});
  expect_shares(counts({.top_p = 0.81}), {0.2, 0.5, 0.3});
  expect_shares(counts({.min_p = 0.5}), {0, 0.625, 0.375});
  // top_p counts what top_k left: 0.5 of 0.8 is enough for 0.6.
  expect_shares(counts({.top_k = 2, .top_p = 0.6}), {0, 1, 0});
}

TEST(Sampling, PenaltiesLookBack) {
  // Log-probabilities are negative: a penalty of 2 squares.
  expect_shares(counts({.repetition_penalty = 2}, {1}, {}), {0.2 / 0.75, 0.25 / 0.75, 0.3 / 0.75});
  const double e = std::exp(-1.0);
  expect_shares(counts({.presence_penalty = 1}, {1}, {2, 2}),
                {0.2 / (0.7 + 0.3 * e), 0.5 / (0.7 + 0.3 * e), 0.3 * e / (0.7 + 0.3 * e)});
  expect_shares(counts({.frequency_penalty = 0.5}, {1}, {2, 2}),
                {0.2 / (0.7 + 0.3 * e), 0.5 / (0.7 + 0.3 * e), 0.3 * e / (0.7 + 0.3 * e)});
}

TEST(Sampling, BiasBansAndForcedTokens) {
  expect_shares(counts({.bias = {{0, std::log(2.5F)}}}), {0.5 / 1.3, 0.5 / 1.3, 0.3 / 1.3});
  expect_shares(counts({.banned = {1}}), {0.4, 0, 0.6});
  expect_shares(counts({.banned = {1}, .top_p = 0.5}), {0, 0, 1});
  expect_shares(counts({.forced = {0, 2}}), {1, 0, 0});
  expect_shares(counts({.forced = {0, 2}}, {}, {0}), {0, 0, 1});
  expect_shares(counts({.forced = {0, 2}}, {}, {0, 2}), {0.2, 0.5, 0.3});
}

TEST(Sampling, NearDistributionsMostlyAgreeForTheSameSeed) {
  const std::vector<float> draft = {std::log(0.25F), std::log(0.5F), std::log(0.25F)};
  int agreed = 0;
  for (int seed = 0; seed < kDraws; ++seed) {
    const Sampler sampler({.seed = static_cast<std::uint64_t>(seed)});
    agreed += sampler(kLogits, {}) == sampler(draft, {}) ? 1 : 0;
  }
  EXPECT_GT(agreed, kDraws * 9 / 10);  // they have 95 % in common; independent draws agree on 38 %
}

TEST(Sampling, LogprobsAreTheModelsOwn) {
  EXPECT_NEAR(logprob_of(kLogits, 2), std::log(0.3), 1e-6);
  const std::vector<TokenLogprob> best = most_probable(kLogits, 2);
  ASSERT_EQ(best.size(), 2);
  EXPECT_EQ(best[0].token, 1);
  EXPECT_NEAR(best[1].logprob, std::log(0.3), 1e-6);
}

TEST(Sampling, EverythingThatCannotBeIsNamed) {
  EXPECT_TRUE(Sampling().problems(10).empty());
  const Sampling wrong{.repetition_penalty = 0,
                       .presence_penalty = 3,
                       .bias = {{10, 1}},
                       .banned = {-1},
                       .temperature = -1,
                       .top_k = -2,
                       .top_p = 0,
                       .min_p = 2};
  EXPECT_EQ(wrong.problems(10).size(), 8);
  EXPECT_EQ((Sampling{.temperature = NAN}).problems(10).size(), 1);
}

}  // namespace
}  // namespace rq::generate
