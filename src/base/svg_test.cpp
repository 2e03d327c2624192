// What a reader of XML would stumble over.

#include "base/svg.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rq {
namespace {

TEST(Svg, TextIsEscaped) {
  Svg svg({.width = 100, .height = 50}, "a < b");
  svg.text({.x = 1, .y = 2}, "\"x\" & <y>\n", {});
  const std::string text = svg.to_string();
  EXPECT_NE(text.find("a &lt; b"), std::string::npos);
  EXPECT_NE(text.find(">&quot;x&quot; &amp; &lt;y&gt; </text>"), std::string::npos) << text;
}

TEST(Svg, NumbersHaveNoMoreDigitsThanAreSeen) {
  Svg svg({.width = 100, .height = 50}, "t");
  svg.polyline(std::vector<Svg::Point>{{.x = 1.0 / 3, .y = -0.01}, {.x = 2, .y = 30.25}},
               {.look = "line"});
  EXPECT_NE(svg.to_string().find("points=\"0.3,0 2,30.2\" class=\"line\"/>"), std::string::npos)
      << svg.to_string();
}

TEST(Svg, TheScaleOfColoursDarkensStepByStep) {
  const auto luma = [](double share) {
    const std::string color = sequential_color(share);
    const auto part = [&](std::size_t at) { return std::stoi(color.substr(at, 2), nullptr, 16); };
    return 0.299 * part(1) + 0.587 * part(3) + 0.114 * part(5);
  };
  for (int step = 0; step < 20; ++step) {
    EXPECT_GT(luma(step / 20.0), luma((step + 1) / 20.0) + 4) << step;
  }
  EXPECT_EQ(sequential_color(-1), sequential_color(0));
  EXPECT_EQ(sequential_color(2), sequential_color(1));
  EXPECT_NE(color_on(0), color_on(1));
}

}  // namespace
}  // namespace rq
