#include "generate/internal/draft_policy.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace rq::generate {
namespace {

using Step = DraftPolicy::Step;

// Takes `steps` with steps that last so long and a guess that is right so often; how many were
// drafted.
int run(DraftPolicy& policy,
        std::int64_t answers,
        int steps,
        double plain_s,
        double drafted_s,
        double accepted) {
  int drafted = 0;
  for (int i = 0; i < steps; ++i) {
    const Step step = policy.next(answers);
    drafted += step == Step::kDrafted ? 1 : 0;
    policy.record(answers, step, step == Step::kDrafted ? drafted_s : plain_s, accepted);
  }
  return drafted;
}

TEST(DraftPolicy, GoesOnWhereMoreIsSaidThanTheStepsTakeLonger) {
  DraftPolicy policy;
  EXPECT_GT(run(policy, 1, 400, 1, 1.4, 0.6), 370);
}

TEST(DraftPolicy, GivesUpWhereItDoesNotPayAndTriesAgainLater) {
  DraftPolicy policy;
  EXPECT_LT(run(policy, 1, 400, 1, 1.4, 0.3), 10);
  EXPECT_EQ(policy.next(1), Step::kGivenUp);
  EXPECT_GT(run(policy, 1, 400, 1, 1.4, 0.9), 200) << "guesses have become better";
}

TEST(DraftPolicy, JudgesFewAndManyAnswersApart) {
  DraftPolicy policy;
  run(policy, 1, 100, 1, 1.1, 0.5);
  run(policy, 64, 100, 1, 1.9, 0.5);
  EXPECT_EQ(policy.next(1), Step::kDrafted);
  EXPECT_EQ(policy.next(64), Step::kGivenUp);
}

}  // namespace
}  // namespace rq::generate
