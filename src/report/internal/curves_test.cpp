#include "report/internal/curves.h"

#include <string>

#include <gtest/gtest.h>

#include "base/format.h"
#include "base/json.h"
#include "report/testing/run_folder.h"

namespace rq::report {
namespace {

class Curves : public testing::Test {
 protected:
  Json curves(const std::string& lines, std::size_t most = 100) {
    folder_.write("metrics.jsonl", lines);
    return curves_of(folder_.run.folder / "metrics.jsonl", most);
  }
  TestFolder folder_;
};

TEST_F(Curves, AThinnedOutCurveKeepsItsSpikesAndItsLastStep) {
  std::string lines;
  for (int step = 1; step <= 1001; ++step) {
    lines += fmt::format(
        "{{\"step\": {}, \"loss\": {}}}\n", step, step == 502 ? 9.0 : 3 + 0.01 * (step % 3));
  }
  const Json found = curves(lines, 50);
  EXPECT_LE(found["steps"].size(), 102U);
  EXPECT_EQ(found["all_steps"], 1001);
  EXPECT_EQ(found["spikes"], Json::array({502}));
  EXPECT_NE(std::find(found["steps"].begin(), found["steps"].end(), 502), found["steps"].end());
  EXPECT_EQ(found["steps"].back(), 1001);
  EXPECT_EQ(found["series"]["loss"].size(), found["steps"].size());
}

TEST_F(Curves, AFallingLossHasNoSpikes) {
  std::string lines;
  for (int step = 1; step <= 200; ++step) {
    lines += fmt::format("{{\"step\": {}, \"loss\": {}}}\n", step, 9.0 / step + 0.02 * (step % 5));
  }
  EXPECT_TRUE(curves(lines)["spikes"].empty());
}

TEST_F(Curves, AStepThatWasNotSteppedOnIsNamedAndALossThatIsNoNumberIsNone) {
  const Json found = curves(
      "{\"step\": 1, \"loss\": 2.0, \"skipped\": false}\n"
      "{\"step\": 2, \"loss\": null, \"skipped\": true}\n");
  EXPECT_EQ(found["skipped"], Json::array({2}));
  EXPECT_EQ(found["series"]["loss"], Json::array({2.0, nullptr}));
}

TEST_F(Curves, ALineThatIsBeingWrittenIsPassedOverAndABrokenOneIsCounted) {
  EXPECT_EQ(curves("{\"step\": 1, \"loss\": 2}\n{\"step\": 2, \"lo")["unreadable"], 0);
  EXPECT_EQ(curves("{\"step\": 1, \"loss\": 2}\n{\"step\": 2, \"lo\n{\"step\": 3}\n")["unreadable"],
            1);
}

TEST_F(Curves, TheBatchIsWhatTheTokensGrewBy) {
  const Json found = curves("{\"step\": 1, \"tokens\": 100}\n{\"step\": 2, \"tokens\": 300}\n");
  EXPECT_EQ(found["series"]["batch_tokens"], Json::array({100.0, 200.0}));
}

TEST_F(Curves, AValueThatOnlySomeStepsHaveStandsBesideThoseSteps) {
  const Json found =
      curves("{\"step\": 1, \"loss\": 2}\n{\"step\": 2, \"loss\": 2, \"needle\": 0.5}\n");
  EXPECT_EQ(found["series"]["needle"], Json::array({nullptr, 0.5}));
}

TEST_F(Curves, AFileThatIsNotThereOrHasNoStepGivesNothing) {
  EXPECT_TRUE(curves_of(folder_.run.folder / "absent.jsonl", 10).is_null());
  EXPECT_TRUE(curves("{\"note\": 1}\n").is_null());
}

TEST_F(Curves, TheLoadIsThatOfTheLastStep) {
  const Json found = curves(
      "{\"step\": 1, \"load_ratio\": [1.5, 2], \"expert_load\": [[3, 1], [4, 0]]}\n"
      "{\"step\": 2, \"load_ratio\": [1, 1], \"expert_load\": [[2, 2], [1, 3]]}\n");
  EXPECT_EQ(found["load_ratio"], (Json::array({{1.5, 1}, {2, 1}})));
  EXPECT_EQ(found["expert_load"], (Json::array({{2, 2}, {1, 3}})));
}

}  // namespace
}  // namespace rq::report
