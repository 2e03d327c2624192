#include "report/internal/box_text.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rq::report {
namespace {

TEST(BoxText, EveryLineStandsWithinTheOutlineOfItsBox) {
  for (const Shape shape : {Shape::kData, Shape::kProcess, Shape::kModel, Shape::kTokenizer}) {
    for (const std::string name :
         {"a", "pretrain", "logic-distil-plain", "MMMMMMMMMMMMMMMMMMMMMM"}) {
      const FlowBox box{.name = name,
                        .shape = shape,
                        .state = State::kRunning,
                        .share = 0.5,
                        .figures = {"671.0B, 37.6B active", "loss 1.23"}};
      const BoxText text = box_text(box);
      ASSERT_GE(text.lines.size(), 4U);
      for (const TextLine& line : text.lines) {
        const double top = line.y - 9, bottom = line.y + 3;
        EXPECT_GT(top, -text.height / 2) << name;
        EXPECT_LT(bottom, text.height / 2) << name;
        const double far = std::max(std::abs(top), std::abs(bottom)) / (text.height / 2);
        const double room = shape == Shape::kProcess ? text.width * (1 - far) : text.width;
        EXPECT_LE(text_width(line.text, line.look == TextLook::kName ? 14 : 12), room) << name;
      }
    }
  }
}

TEST(BoxText, ALongNameIsCutAtTheHyphenThatMakesBothPartsShort) {
  const auto names = [](const std::string& name) {
    std::vector<std::string> lines;
    for (const TextLine& line : box_text({.name = name}).lines) {
      lines.push_back(line.text);
    }
    return lines;
  };
  EXPECT_EQ(names("logic-distil-plain"), (std::vector<std::string>{"logic-", "distil-plain"}));
  EXPECT_EQ(names("extend-1"), std::vector<std::string>{"extend-1"});
  EXPECT_EQ(names("averyveryverylongname"), std::vector<std::string>{"averyveryverylongname"});
}

TEST(BoxText, ShareIsRoundedDownSoThatNothingUnfinishedIsWhole) {
  const BoxText text = box_text({.name = "a", .state = State::kRunning, .share = 0.9999});
  EXPECT_EQ(text.lines.back().text, "running 99 %");
}

TEST(BoxText, ACharacterOfSeveralBytesCountsOnce) {
  EXPECT_DOUBLE_EQ(text_width("é", 10), 10);
}

}  // namespace
}  // namespace rq::report
