// The heat map of eval/needle_report.h.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/config.h"
#include "base/format.h"
#include "base/svg.h"
#include "eval/interval.h"
#include "eval/needle_report.h"

namespace rq::eval {
namespace {

constexpr double kMargin = 24, kHeader = 104, kFooter = 66;
constexpr double kDepthLabels = 66;  // left of a panel's cells
constexpr double kPanelTitle = 26, kLengthLabels = 46;
constexpr double kCellWidth = 66, kCellHeight = 46, kCellGap = 2;
constexpr double kPanelGap = 22;
constexpr double kWidestRow = 1200;  // panels that would be wider together stand below one another
constexpr double kScaleWidth = 180, kScaleHeight = 12;

// Where everything is.
struct Layout {
  std::size_t panels, panels_in_row;
  double panel_width, panel_height;
  double width, height;

  explicit Layout(const NeedleConfig& config)
      : panels(config.variants.size()),
        panels_in_row(panels),
        panel_width(kDepthLabels + kCellWidth * static_cast<double>(config.lengths.size())),
        panel_height(kPanelTitle + kCellHeight * static_cast<double>(config.depths.size()) +
                     kLengthLabels) {
    const auto row_width = [&] {
      return panel_width * static_cast<double>(panels_in_row) +
             kPanelGap * static_cast<double>(panels_in_row - 1);
    };
    if (row_width() > kWidestRow) {
      panels_in_row = 1;
    }
    const auto rows = static_cast<double>((panels + panels_in_row - 1) / panels_in_row);
    width = std::max(2 * kMargin + row_width(), 580.0);
    height = kHeader + rows * panel_height + (rows - 1) * kPanelGap + kFooter;
  }

  Svg::Point panel(std::size_t index) const {
    return {.x = kMargin + static_cast<double>(index % panels_in_row) * (panel_width + kPanelGap),
            .y = kHeader + static_cast<double>(index / panels_in_row) * (panel_height + kPanelGap)};
  }
};

void draw_cell(Svg& svg, const NeedleCell& cell, const Svg::Point& at) {
  const double share =
      static_cast<double>(cell.hits_by_generation) / static_cast<double>(cell.trials);
  const Interval interval = wilson_interval(cell.hits_by_generation, cell.trials);
  const std::string fill = sequential_color(share);
  svg.rectangle(
      {.x = at.x, .y = at.y, .width = kCellWidth - kCellGap, .height = kCellHeight - kCellGap},
      {.fill = fill, .radius = 3});
  const double middle = at.x + (kCellWidth - kCellGap) / 2;
  svg.text({.x = middle, .y = at.y + 22},
           fmt::format("{}", percent(cell.hits_by_generation, cell.trials)),
           {.look = "number", .anchor = Anchor::kMiddle, .fill = color_on(share)});
  svg.text({.x = middle, .y = at.y + 36},
           fmt::format("{:.0f}–{:.0f}", 100 * interval.low, 100 * interval.high),
           {.look = "small", .anchor = Anchor::kMiddle, .fill = color_on(share)});
}

std::string panel_title(const NeedleConfig& config, Variant variant) {
  switch (variant) {
    case Variant::kSingle:
      return "single: one fact";
    case Variant::kMultiKey:
      return fmt::format("multi-key: one of {} facts", config.stated_facts(variant));
    case Variant::kMultiNeedle:
      return fmt::format("multi-needle: all of {} facts", config.facts);
  }
  return {};
}

void draw_panel(Svg& svg, const NeedleMap& map, std::size_t variant, const Svg::Point& corner) {
  const NeedleConfig& config = map.config;
  const std::size_t lengths = config.lengths.size(), depths = config.depths.size();
  const double left = corner.x + kDepthLabels, top = corner.y + kPanelTitle;
  const double bottom = top + kCellHeight * static_cast<double>(depths);
  svg.text({.x = left, .y = corner.y + 14},
           panel_title(config, config.variants[variant]),
           {.look = "head"});
  for (std::size_t depth = 0; depth < depths; ++depth) {
    const double y = top + kCellHeight * static_cast<double>(depth);
    svg.text({.x = left - 8, .y = y + kCellHeight / 2 + 3},
             fmt::format("{:.0f} %", 100 * config.depths[depth]),
             {.look = "tick", .anchor = Anchor::kEnd});
    for (std::size_t length = 0; length < lengths; ++length) {
      draw_cell(svg,
                map.cells.at((variant * lengths + length) * depths + depth),
                {.x = left + kCellWidth * static_cast<double>(length), .y = y});
    }
  }
  for (std::size_t length = 0; length < lengths; ++length) {
    svg.text({.x = left + kCellWidth * (static_cast<double>(length) + 0.5) - 1, .y = bottom + 15},
             std::to_string(config.lengths[length]),
             {.look = "tick", .anchor = Anchor::kMiddle});
  }
  svg.text({.x = left + kCellWidth * static_cast<double>(lengths) / 2, .y = bottom + 36},
           "length of the prompt, tokens",
           {.look = "label", .anchor = Anchor::kMiddle});
  svg.text({.x = corner.x + 12, .y = (top + bottom) / 2},
           "depth of the fact",
           {.look = "label", .anchor = Anchor::kMiddle, .turn = -90});
}

void draw_scale(Svg& svg, const Svg::Point& at) {
  constexpr int kSteps = 60;
  for (int step = 0; step < kSteps; ++step) {
    const std::string fill = sequential_color((step + 0.5) / kSteps);
    // A pixel wider than its part, so that no seam is seen.
    svg.rectangle({.x = at.x + kScaleWidth * step / kSteps,
                   .y = at.y,
                   .width = kScaleWidth / kSteps + (step + 1 < kSteps ? 1 : 0),
                   .height = kScaleHeight},
                  {.fill = fill});
  }
  for (const int tick : {0, 50, 100}) {
    svg.text({.x = at.x + kScaleWidth * tick / 100, .y = at.y + kScaleHeight + 14},
             fmt::format("{} %", tick),
             {.look = "tick", .anchor = Anchor::kMiddle});
  }
}

}  // namespace

std::string to_svg(const NeedleMap& map, std::string_view model_name) {
  const Layout layout(map.config);
  Svg svg({.width = layout.width, .height = layout.height},
          fmt::format("How often {} finds a fact in its context, by the length of the prompt and "
                      "the depth of the fact",
                      model_name));
  svg.text({.x = kMargin, .y = 36},
           fmt::format("Needle in a haystack: {}", model_name),
           {.look = "title"});
  svg.text({.x = kMargin, .y = 57},
           fmt::format("Large: prompts whose answer the model writes exactly, in percent of {}.",
                       map.config.needles),
           {.look = "note"});
  svg.text(
      {.x = kMargin, .y = 74},
      "Small: the 95 % interval (Wilson). 0 % deep is the start, 100 % just before the question.",
      {.look = "note"});
  for (std::size_t variant = 0; variant < layout.panels; ++variant) {
    draw_panel(svg, map, variant, layout.panel(variant));
  }
  draw_scale(svg, {.x = kMargin + kDepthLabels, .y = layout.height - 50});
  return svg.to_string();
}

}  // namespace rq::eval
