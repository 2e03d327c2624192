#include "review/verdict.h"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace rq::review {
namespace {

TEST(Decide, CountsJudgementsAndAsksForMoreOnATie) {
  const auto decided = [](std::int64_t wanted, const std::vector<Kind>& kinds) {
    return decide(wanted, kinds);
  };
  using enum Kind;
  EXPECT_EQ(decided(1, {}), State::kNew);
  EXPECT_EQ(decided(1, {kEdit}), State::kAccepted);
  EXPECT_EQ(decided(1, {kFlag}), State::kFlagged);
  EXPECT_EQ(decided(1, {kFlag, kReject}), State::kRejected);
  EXPECT_EQ(decided(2, {kAccept}), State::kWaiting);
  EXPECT_EQ(decided(2, {kAccept, kFlag}), State::kFlagged);
  EXPECT_EQ(decided(2, {kAccept, kEdit}), State::kAccepted);
  EXPECT_EQ(decided(2, {kAccept, kReject}), State::kTied);
  EXPECT_EQ(decided(2, {kAccept, kReject, kFlag}), State::kTied);
  EXPECT_EQ(decided(2, {kAccept, kReject, kReject}), State::kRejected);
}

}  // namespace
}  // namespace rq::review
