#include "synth/overlap.h"

#include <gtest/gtest.h>

namespace rq::synth {
namespace {

TEST(WordRuns, FindThirteenWordsInARowWhateverStandsBetweenThem) {
  WordRuns runs;
  runs.add("If a train leaves at nine and rides for two hours, when does it arrive at the coast?");
  EXPECT_TRUE(runs.overlaps(
      "So: \"a train leaves at NINE and rides -- for two hours; when does it arrive\" he said"));
  EXPECT_FALSE(runs.overlaps("a train leaves at nine and rides for two hours, when will it"));
  EXPECT_FALSE(runs.overlaps(""));
}

TEST(WordRuns, ShortTextsMeetTheirLikeAlone) {
  WordRuns runs;
  runs.add("What is 3 + 4?");
  EXPECT_TRUE(runs.overlaps("what is 3 4"));
  EXPECT_FALSE(runs.overlaps("Say what is 3 + 4?"));
  EXPECT_FALSE(runs.overlaps("What is 3 + 5?"));
}

TEST(WordRuns, AShortAnswerIsNotForbiddenBecauseAnotherQuestionHasIt) {
  WordRuns runs;
  runs.add("7");
  runs.add("one two three four five six seven eight nine ten eleven twelve thirteen");
  EXPECT_FALSE(runs.shares_run("7"));
  EXPECT_TRUE(runs.shares_run(
      "So: one two three four five six seven eight nine ten eleven twelve thirteen, and so on"));
}

}  // namespace
}  // namespace rq::synth
