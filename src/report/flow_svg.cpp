#include "report/flow_svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"
#include "report/internal/box_text.h"
#include "report/internal/escape.h"
#include "report/internal/layout.h"

namespace rq::report {
namespace {

constexpr double kMargin = 22, kLegendHeight = 44;
constexpr double kWidestRow = 1250;  // pixels: wider flows run downwards
constexpr double kCap = 9;           // half of the ellipse on a cylinder

constexpr std::string_view kStyleSheet = R"(
    .flow text { font: 14px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; text-anchor: middle; fill: #1d2a38; stroke: none }
    .flow .name { font-weight: 600 } .flow .note { font-size: 12px; fill: #44566a }
    .flow .key { font-size: 12px; text-anchor: start; fill: #55677a }
    .flow .paper { fill: #fbfcfd; stroke: #d5dde5 }
    .flow .arrow { fill: none; stroke: #5c6a78; stroke-width: 1.5 } .flow .tip { fill: #5c6a78; stroke: none }
    .flow .side { stroke-width: 1; stroke-dasharray: 2 4 }
    .flow .box { fill: #ffffff; stroke: #0f7287; stroke-width: 2; stroke-linejoin: round }
    .flow .given .box { stroke: #5c6a78; stroke-width: 1.5 }
    .flow .waiting .box { stroke: #8a99a8; stroke-width: 1.5; stroke-dasharray: 5 4 }
    .flow .stale .box { stroke-dasharray: 9 3 }
    .flow .done .box { fill: #e3f1f4 }
    .flow .running .box { stroke: #4450a8; stroke-width: 3 }
    .flow .stopped .box { stroke: #b8890b; stroke-width: 3 } .flow .people .box { stroke: #a8417f; stroke-width: 3 }
    .flow .failed .box { stroke: #c8501e; stroke-width: 3.5 }
    .flow .badge { stroke: #fbfcfd; stroke-width: 1.5; fill: #0f7287 } .flow .sign { fill: none; stroke: #ffffff; stroke-width: 2; stroke-linecap: round }
    .flow .failed .badge { fill: #c8501e } .flow .stopped .badge { fill: #946c00 } .flow .people .badge { fill: #a8417f } .flow .running .badge { fill: #4450a8 }
    .flow .part { stop-color: #d5d8f3 } .flow .rest { stop-color: #ffffff }
    .flow a:hover .box, .flow a:focus .box { stroke-width: 4 } .flow a:focus { outline: none }
    @media screen and (prefers-color-scheme: dark) {
      .flow text { fill: #e8eef4 } .flow .note { fill: #b7c4d1 } .flow .key { fill: #9fb0c0 }
      .flow .paper { fill: #10171f; stroke: #2a3744 }
      .flow .arrow { stroke: #9fb0c0 } .flow .tip { fill: #9fb0c0 }
      .flow .box { fill: #0d1a22; stroke: #4fc0d6 }
      .flow .given .box { stroke: #a9b8c6 } .flow .waiting .box { stroke: #74879a }
      .flow .done .box { fill: #12303a }
      .flow .running .box { stroke: #97a2f5 } .flow .stopped .box { stroke: #e5bf4e } .flow .people .box { stroke: #e58fc2 } .flow .failed .box { stroke: #f08a56 }
      .flow .badge { stroke: #10171f; fill: #4fc0d6 } .flow .sign { stroke: #10171f }
      .flow .failed .badge { fill: #f08a56 } .flow .stopped .badge { fill: #e5bf4e } .flow .people .badge { fill: #e58fc2 } .flow .running .badge { fill: #97a2f5 }
      .flow .part { stop-color: #2b3372 } .flow .rest { stop-color: #0d1a22 }
    }
)";

// A tenth of a pixel is finer than is seen.
std::string number(double value) {
  std::string digits = fmt::format("{:.1f}", value);
  if (digits.ends_with(".0")) {
    digits.resize(digits.size() - 2);
  }
  return digits == "-0" ? "0" : digits;
}

std::string point(const Svg::Point& at) {
  return number(at.x) + " " + number(at.y);
}

// The outline of a shape around (0, 0), its tag left open.
std::string outline(Shape shape, double width, double height) {
  const double x = width / 2, y = height / 2;
  if (shape == Shape::kProcess) {
    return fmt::format(
        "<path d=\"M{} 0 L0 {} L{} 0 L0 {} Z\"", number(-x), number(-y), number(x), number(y));
  }
  if (shape == Shape::kData) {
    const double cap = std::min(kCap, height / 6);
    const std::string arc = fmt::format("A{} {} 0 0", number(x), number(cap));
    return fmt::format("<path d=\"M{0} {1} V{2} {4} 0 {3} {2} V{1} {4} 0 {0} {1} {4} 0 {3} {1}\"",
                       number(-x),
                       number(-y + cap),
                       number(y - cap),
                       number(x),
                       arc);
  }
  return fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"",
                     number(-x),
                     number(-y),
                     number(width),
                     number(height),
                     shape == Shape::kTokenizer ? number(y) : "3");
}

// A small round sign that says the state without colour; nothing where there is none to say.
std::string badge(State state, const Svg::Point& at) {
  std::string_view sign;
  switch (state) {
    case State::kDone:
      sign = "M-3.5 0.3 L-1 3 L3.8 -2.6";
      break;
    case State::kFailed:
      sign = "M-2.8 -2.8 L2.8 2.8 M2.8 -2.8 L-2.8 2.8";
      break;
    case State::kStopped:
      sign = "M-1.8 -2.8 V2.8 M1.8 -2.8 V2.8";
      break;
    case State::kForPeople:
      sign = "M0 -0.8 A1.9 1.9 0 1 1 0.01 -0.8 M-3.6 4 A3.7 3.7 0 0 1 3.6 4";
      break;
    case State::kRunning:
      sign = "M-1.6 -3 L2.6 0 L-1.6 3 Z";
      break;
    default:
      return {};
  }
  return fmt::format(
      "<g transform=\"translate({})\"><circle class=\"badge\" r=\"8.5\"/><path class=\"sign\" "
      "d=\"{}\"/></g>",
      point(at),
      sign);
}

// Where the sign sits: on the outline to the right, where few arrows arrive or leave.
Svg::Point badge_place(Shape shape, double width, double height) {
  if (shape == Shape::kProcess) {
    return {.x = width / 4 + 3, .y = height / 4 + 3};
  }
  return {.x = width / 2 - 3, .y = -height / 2 + (shape == Shape::kData ? kCap : 3)};
}

// A fill that reaches as far to the right as the work has come.
std::string progress_fill(std::size_t index, double share) {
  return fmt::format(
      "    <linearGradient id=\"flow-part-{0}\"><stop class=\"part\" offset=\"{1}\"/><stop "
      "class=\"rest\" offset=\"{1}\"/></linearGradient>\n",
      index,
      number(std::clamp(share, 0.0, 1.0) * 100) + "%");
}

std::string described(const FlowBox& box) {
  std::string words = fmt::format("{}: {}", box.id, state_name(box.state));
  if (box.state == State::kRunning && box.share > 0) {
    words += fmt::format(" {:.0f} %", std::floor(100 * box.share));
  }
  for (const std::string& figure : box.figures) {
    words += ", " + figure;
  }
  return words;
}

std::string drawn(const FlowBox& box,
                  const BoxText& text,
                  const Svg::Point& middle,
                  std::size_t index) {
  std::string svg = fmt::format(
      "  <a href=\"#{0}\" class=\"{1}\" transform=\"translate({2})\"><title>{3}</title>",
      escaped(box.id),
      state_name(box.state),
      point(middle),
      escaped(described(box)));
  svg += outline(box.shape, text.width, text.height);
  svg += box.state == State::kRunning && box.share > 0
             ? fmt::format(" class=\"box\" style=\"fill: url(#flow-part-{})\"/>", index)
             : " class=\"box\"/>";
  svg += badge(box.state, badge_place(box.shape, text.width, text.height));
  for (const TextLine& line : text.lines) {
    svg += fmt::format("<text class=\"{}\" y=\"{}\">{}</text>",
                       line.look == TextLook::kName ? "name" : "note",
                       number(line.y),
                       escaped(line.text));
  }
  return svg + "</a>\n";
}

std::string drawn(const Layout::Arrow& arrow, bool is_side) {
  if (arrow.curve.size() < 4) {
    return {};
  }
  std::string path = fmt::format("M{} C", point(arrow.curve.front()));
  for (std::size_t i = 1; i < arrow.curve.size(); ++i) {
    path += (i == 1 ? "" : " ") + point(arrow.curve[i]);
  }
  const Svg::Point from = arrow.curve.back(), to = arrow.tip;
  const double length = std::max(std::hypot(to.x - from.x, to.y - from.y), 1e-6);
  const double x = 3.4 * (to.y - from.y) / length, y = -3.4 * (to.x - from.x) / length;
  return fmt::format("  <path class=\"{}\" d=\"{}\"/><path class=\"tip\" d=\"M{} L{} L{} Z\"/>\n",
                     is_side ? "arrow side" : "arrow",
                     path,
                     point(to),
                     point({.x = from.x + x, .y = from.y + y}),
                     point({.x = from.x - x, .y = from.y - y}));
}

// A row of signs, each with its meaning.
class Legend {
 public:
  explicit Legend(double y) : y_(y) {}

  void add(std::string_view look, const std::string& sign, std::string_view words) {
    svg_ += fmt::format("  <g class=\"{}\" transform=\"translate({})\">{}</g>",
                        look,
                        point({.x = x_ + 11, .y = y_}),
                        sign);
    svg_ += fmt::format("<text class=\"key\" x=\"{}\" y=\"{}\">{}</text>\n",
                        number(x_ + 28),
                        number(y_ + 4),
                        words);
    x_ += 28 + text_width(words, 12) + 14;
  }
  double width() const { return x_; }
  const std::string& svg() const { return svg_; }

 private:
  double x_ = kMargin, y_;
  std::string svg_;
};

// What the shapes mean and the states, those that occur.
Legend legend_of(const Flow& flow, double y) {
  Legend legend(y);
  constexpr std::array<std::pair<Shape, std::string_view>, 4> kShapes = {
      {{Shape::kData, "data"},
       {Shape::kProcess, "process"},
       {Shape::kModel, "model"},
       {Shape::kTokenizer, "tokenizer"}}};
  for (const auto& [shape, words] : kShapes) {
    if (std::ranges::any_of(flow.boxes, [&](const FlowBox& box) { return box.shape == shape; })) {
      const bool is_process = shape == Shape::kProcess;
      const double height = shape == Shape::kData ? 20 : 16;
      legend.add("given", outline(shape, is_process ? 26 : 20, height) + " class=\"box\"/>", words);
    }
  }
  for (const State state :
       {State::kDone, State::kRunning, State::kStopped, State::kForPeople, State::kFailed}) {
    if (std::ranges::any_of(flow.boxes, [&](const FlowBox& box) { return box.state == state; })) {
      legend.add(state_name(state), badge(state, {.x = 4, .y = 0}), state_name(state));
    }
  }
  if (std::ranges::any_of(flow.boxes,
                          [](const FlowBox& box) { return box.state == State::kWaiting; })) {
    legend.add("waiting", "<path class=\"box\" d=\"M-10 0 H12\"/>", "waiting");
  }
  return legend;
}

}  // namespace

std::string flow_svg(const Flow& flow) {
  std::vector<BoxText> texts;
  std::vector<BoxSize> sizes;
  for (const FlowBox& box : flow.boxes) {
    texts.push_back(box_text(box));
    sizes.push_back({.width = texts.back().width, .height = texts.back().height});
  }
  Layout layout = lay_out(flow, sizes, Direction::kRight);
  if (layout.width > kWidestRow) {
    layout = lay_out(flow, sizes, Direction::kDown);
  }
  const double height = layout.height + 2 * kMargin + kLegendHeight;
  const Legend legend = legend_of(flow, height - kMargin - 4);
  const double width = std::max(layout.width + 2 * kMargin, legend.width() + kMargin);
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"flow\" viewBox=\"0 0 {0} {1}\" "
      "width=\"{0}\" height=\"{1}\" role=\"img\" aria-label=\"{2}\">\n"
      "  <style>{3}  </style>\n  <defs>\n",
      number(width),
      number(height),
      escaped(flow.title),
      kStyleSheet);
  for (std::size_t i = 0; i < flow.boxes.size(); ++i) {
    if (flow.boxes[i].state == State::kRunning && flow.boxes[i].share > 0) {
      svg += progress_fill(i, flow.boxes[i].share);
    }
  }
  svg += fmt::format(
      "  </defs>\n  <rect class=\"paper\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" "
      "rx=\"12\"/>\n",
      number(width - 1),
      number(height - 1));
  const double left = (width - layout.width) / 2;
  svg += fmt::format("  <g transform=\"translate({} {})\">\n", number(left), number(kMargin));
  for (std::size_t i = 0; i < flow.arrows.size(); ++i) {
    svg += drawn(layout.arrows[i], flow.arrows[i].is_side);
  }
  for (std::size_t i = 0; i < flow.boxes.size(); ++i) {
    svg += drawn(flow.boxes[i], texts[i], layout.middles[i], i);
  }
  return svg + "  </g>\n" + legend.svg() + "</svg>\n";
}

}  // namespace rq::report
