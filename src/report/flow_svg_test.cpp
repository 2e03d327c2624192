#include "report/flow_svg.h"

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "report/internal/box_text.h"
#include "report/internal/layout.h"

namespace rq::report {
namespace {

// Data that feed two processes in a row, and much else.
Flow example() {
  Flow flow{.title = "a < b"};
  for (std::size_t i = 0; i < 12; ++i) {
    flow.boxes.push_back({.id = "data.d" + std::to_string(i),
                          .name = "box number " + std::to_string(i),
                          .figures = {"12.3 MiB"}});
  }
  flow.boxes.push_back({.id = "process.p", .name = "p", .shape = Shape::kProcess});
  flow.boxes.push_back({.id = "model.m", .name = "m", .shape = Shape::kModel});
  flow.boxes.push_back({.id = "process.q", .name = "q", .shape = Shape::kProcess});
  for (std::size_t i = 0; i < 12; ++i) {
    flow.arrows.push_back({.from = i, .to = 12});
    flow.arrows.push_back({.from = i, .to = 14});
  }
  flow.arrows.push_back({.from = 12, .to = 13});
  flow.arrows.push_back({.from = 13, .to = 14});
  return flow;
}

TEST(FlowSvg, NoTwoBoxesOverlapAndAllStandOnThePaper) {
  const Flow flow = example();
  std::vector<BoxSize> sizes;
  for (const FlowBox& box : flow.boxes) {
    const BoxText text = box_text(box);
    sizes.push_back({.width = text.width, .height = text.height});
  }
  for (const Direction direction : {Direction::kDown, Direction::kRight}) {
    const Layout layout = lay_out(flow, sizes, direction);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const Svg::Point at = layout.middles[i];
      EXPECT_GE(at.x - sizes[i].width / 2, -0.5);
      EXPECT_GE(at.y - sizes[i].height / 2, -0.5);
      EXPECT_LE(at.x + sizes[i].width / 2, layout.width + 0.5);
      EXPECT_LE(at.y + sizes[i].height / 2, layout.height + 0.5);
      for (std::size_t j = 0; j < i; ++j) {
        const Svg::Point other = layout.middles[j];
        EXPECT_TRUE(std::abs(at.x - other.x) >= (sizes[i].width + sizes[j].width) / 2 ||
                    std::abs(at.y - other.y) >= (sizes[i].height + sizes[j].height) / 2)
            << flow.boxes[i].name << " and " << flow.boxes[j].name;
      }
    }
  }
}

TEST(FlowSvg, AnArrowEndsAtTheOutlineOfTheBoxThatItLeadsTo) {
  const Flow flow{.boxes = {{.name = "a"}, {.name = "b"}}, .arrows = {{.from = 0, .to = 1}}};
  const Layout layout =
      lay_out(flow, std::vector<BoxSize>(2, {.width = 80, .height = 50}), Direction::kDown);
  EXPECT_NEAR(layout.arrows[0].tip.y, layout.middles[1].y - 25, 1);
  EXPECT_LT(layout.middles[0].y, layout.middles[1].y) << "a flow runs downwards";
}

TEST(FlowSvg, NamesAreEscaped) {
  const std::string svg =
      flow_svg({.title = "<t>", .boxes = {{.id = "data.\"x\"", .name = "<b>&"}}});
  EXPECT_NE(svg.find("&lt;b&gt;&amp;</text>"), std::string::npos);
  EXPECT_NE(svg.find("#data.&quot;x&quot;"), std::string::npos);
  EXPECT_EQ(svg.find("<b>"), std::string::npos);
}

TEST(FlowSvg, StatesAreToldByWordsAndSignsTooNotByColourAlone) {
  const auto count = [](const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
      ++found;
    }
    return found;
  };
  Flow flow{.boxes = {{.id = "a", .name = "a", .state = State::kFailed},
                      {.id = "b", .name = "b", .state = State::kDone},
                      {.id = "c", .name = "c", .state = State::kWaiting},
                      {.id = "d", .name = "d", .state = State::kForPeople}}};
  const std::string svg = flow_svg(flow);
  EXPECT_EQ(count(svg, "class=\"sign\""), 6U) << "three on boxes, three in the legend";
  EXPECT_NE(svg.find(">failed</text>"), std::string::npos);
  EXPECT_NE(svg.find("<title>b: done</title>"), std::string::npos);
  EXPECT_NE(svg.find(">for people</text>"), std::string::npos);
  EXPECT_NE(svg.find("class=\"waiting\""), std::string::npos);
}

TEST(FlowSvg, AFlowOfNothingIsDrawnAsEmptyPaper) {
  EXPECT_NE(flow_svg({.title = "nothing"}).find("</svg>"), std::string::npos);
}

}  // namespace
}  // namespace rq::report
