#include "synth/rejection.h"

#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

namespace rq::synth {
namespace {

const std::vector<Candidate> kCandidates = {
    {.text = "long and right", .tokens = 30, .is_right = true},
    {.text = "wrong", .tokens = 5},
    {.text = "brief", .tokens = 8, .is_right = true},
    {.text = "cut", .tokens = 4, .is_right = true, .is_cut = true},
    {.text = "brief", .tokens = 8, .is_right = true}};
using Indices = std::vector<std::size_t>;

TEST(Rejection, KeepsRightAnswersTheBriefOnesFirstAndNoTwoAlike) {
  EXPECT_EQ(kept(kCandidates, {}), (Indices{2}));
  EXPECT_EQ(kept(kCandidates, {.at_most = 9}), (Indices{2, 0}));
  EXPECT_EQ(kept(kCandidates, {.at_most = 9, .prefer = Prefer::kAny}), (Indices{0, 2}));
  EXPECT_EQ(kept(kCandidates, {.right = false, .at_most = 9}), (Indices{1, 2, 0}));
}

TEST(Rejection, NeverKeepsAnEmptyAnswerAndCountsIt) {
  const std::vector<Candidate> answers = {{.text = ""}, {.text = "words", .tokens = 3}};
  EXPECT_EQ(kept(answers, {.right = false, .at_most = 9}), (Indices{1}));
  const std::vector<Candidate> wrong = {{.text = "right", .tokens = 1, .is_right = true},
                                        answers[0]};
  EXPECT_FALSE(right_and_wrong(wrong, {}));
  KeptTally tally;
  tally.add("", answers, Indices{1});
  EXPECT_EQ(tally.as_json().at("").at("empty"), 1);
}

TEST(Rejection, LeavesOutProblemsThatAreSolvedTooOften) {
  EXPECT_TRUE(kept(kCandidates, {.most_solved = 0.75}).empty());  // 4 of 5 are right
  EXPECT_FALSE(kept(kCandidates, {.most_solved = 0.8}).empty());
}

TEST(Rejection, APreferenceIsOfARightAnswerToAWrongOneThatHasAnEnd) {
  const auto both = right_and_wrong(kCandidates, {});
  ASSERT_TRUE(both);
  EXPECT_EQ(both->right, 2);
  EXPECT_EQ(both->wrong, 1);
  const std::vector<Candidate> right = {kCandidates[0], kCandidates[3]};
  EXPECT_FALSE(right_and_wrong(right, {}));
  const std::vector<Candidate> wrong = {kCandidates[1], {.text = "endless", .is_cut = true}};
  EXPECT_FALSE(right_and_wrong(wrong, {.right = false}));
}

TEST(Rejection, TheTallySaysWhatBecameOfTheAnswers) {
  KeptTally tally;
  tally.add("math", kCandidates, Indices{2});
  tally.add("math", std::vector<Candidate>{{.text = "wrong", .tokens = 5}}, Indices{});
  const Json math = tally.as_json().at("math");
  EXPECT_EQ(math.at("problems"), 2);
  EXPECT_EQ(math.at("answers"), 6);
  EXPECT_DOUBLE_EQ(math.at("pass_rate"), 4.0 / 6);
  EXPECT_EQ(math.at("kept"), 1);
  EXPECT_EQ(math.at("problems_without_an_answer"), 1);
  EXPECT_EQ(math.at("mean_tokens_kept"), 8);
}

}  // namespace
}  // namespace rq::synth
