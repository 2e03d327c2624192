#include "rl/alarms.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/format.h"

namespace rq::rl {
namespace {

// The one sentence that was said, or what else there was.
std::string only(const std::vector<std::string>& sentences) {
  return sentences.size() == 1 ? sentences[0] : fmt::format("{} sentences", sentences.size());
}

bool says(const std::vector<std::string>& sentences, std::string_view part) {
  return only(sentences).find(part) != std::string::npos;
}

StepNumbers sound() {
  return {.reward = 0.5, .length = 20, .cut = 0.1, .flat = 0.3, .entropy = 1, .mismatch = 1e-6};
}

Alarms after_sound_steps() {
  Alarms alarms(1e-3);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(alarms.look(sound()).empty());
  }
  return alarms;
}

TEST(Alarms, NameWhatGoesWrong) {
  Alarms alarms = after_sound_steps();
  StepNumbers step = sound();
  step.flat = 1;
  EXPECT_TRUE(says(alarms.look(step), "got the same reward (mean 0.500)"));
  step = sound();
  step.entropy = 0.09;
  EXPECT_TRUE(says(alarms.look(step), "from 1.000 to 0.090 nats"));
  step = sound();
  step.mismatch = 2e-3;
  EXPECT_TRUE(says(alarms.look(step), "differs by 0.002"));
  step = sound();
  step.length = 61;
  EXPECT_TRUE(says(alarms.look(step), "61 tokens in the mean, 20 at the"));
  EXPECT_TRUE(alarms.look(sound()).empty());
  step = sound();
  step.cut = 0.51;
  EXPECT_TRUE(says(alarms.look(step), "51 % are cut"));
}

TEST(Alarms, AreSaidWhenTheyBeginAndNowAndThen) {
  Alarms alarms = after_sound_steps();
  StepNumbers flat = sound();
  flat.flat = 1;
  int said = 0;
  for (int i = 0; i < 50; ++i) {
    said += static_cast<int>(alarms.look(flat).size());
  }
  EXPECT_EQ(said, 2);
  EXPECT_TRUE(alarms.look(sound()).empty());
  EXPECT_EQ(alarms.look(flat).size(), 1);  // it began anew
}

TEST(Alarms, GoOnFromTheirState) {
  Alarms alarms = after_sound_steps();
  StepNumbers flat = sound();
  flat.flat = 1;
  alarms.look(flat);
  Alarms resumed(1e-3);
  resumed.restore(Json::parse(alarms.state().dump()));
  EXPECT_TRUE(resumed.look(flat).empty());
  StepNumbers step = sound();
  step.length = 61;
  EXPECT_EQ(resumed.look(step).size(), 1);
}

}  // namespace
}  // namespace rq::rl
