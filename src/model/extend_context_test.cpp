#include "model/extend_context.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "model/config.h"
#include "model/rope_frequencies.h"

namespace rq::model {
namespace {

TEST(ExtendContext, MakesTheConfigThatV3WasPublishedWith) {
  const ModelConfig first = extended(deepseek_v3(), 32768, {});
  const ModelConfig second = extended(first, 131072, {});
  EXPECT_EQ(first.attention.rope.factor, 8);
  EXPECT_EQ(second.attention.rope.factor, 32);
  EXPECT_EQ(second.attention.rope.original_context, 4096);
  EXPECT_EQ(second.context, 131072);
  EXPECT_EQ(second.attention.rope.scaling, RopeScaling::kYarn);
}

TEST(ExtendContext, TakesTheSecondPhasesFrequenciesFromTheOriginalContext) {
  const ModelConfig straight = extended(deepseek_v3(), 131072, {});
  const ModelConfig in_two = extended(extended(deepseek_v3(), 32768, {}), 131072, {});
  EXPECT_EQ(rope_frequencies(in_two.attention.rope, 64),
            rope_frequencies(straight.attention.rope, 64));
  EXPECT_EQ(softmax_scale(in_two.attention), softmax_scale(straight.attention));
}

TEST(ExtendContext, RefusesAShorterContextAndAFactorThatDisagreesWithBothNumbers) {
  EXPECT_EQ(extension_problems(deepseek_v3(), 2048, {}),
            std::vector<std::string>{"context=2048 is below the 4096 that the model has already"});
  ContextExtension extension;
  extension.factor = 4;
  EXPECT_EQ(extension_problems(deepseek_v3(), 32768, extension),
            std::vector<std::string>{"rope.factor=4 disagrees with the contexts: 32768 over the "
                                     "original 4096 is 8; leave it out"});
  EXPECT_THROW(extended(deepseek_v3(), 32768, extension), Error);
}

TEST(ExtendContext, CanLeaveTheFrequenciesAsTheyAre) {
  ContextExtension extension;
  extension.scaling = RopeScaling::kNone;
  const ModelConfig longer = extended(deepseek_v3(), 32768, extension);
  EXPECT_EQ(rope_frequencies(longer.attention.rope, 64),
            rope_frequencies(deepseek_v3().attention.rope, 64));
  EXPECT_EQ(softmax_scale(longer.attention), softmax_scale(deepseek_v3().attention));
}

}  // namespace
}  // namespace rq::model
