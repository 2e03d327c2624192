#include "base/svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <string_view>

#include "base/format.h"

namespace rq {
namespace {

constexpr std::string_view kStyleSheet = R"(
    text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1d2a38 }
    .title { font-size: 17px; font-weight: 600 }
    .head { font-size: 14px; font-weight: 600 }
    .note { font-size: 12px; fill: #55677a }
    .tick { font-size: 12px; fill: #44566a }
    .number { font-size: 15px; font-weight: 600 }
    .small { font-size: 10px }
    .paper { fill: #fbfcfd; stroke: none }
    .frame { fill: none; stroke: #c3ced8 }
    .grid { stroke: #e3e9ee }
    .axis { stroke: #8a99a8 }
    .mark { stroke-dasharray: 2 4; stroke-width: 1.5 }
    .line { fill: none; stroke-width: 2.25; stroke-linejoin: round }
    .band { stroke: none; fill-opacity: 0.16 }
    .series-0 { stroke: #0f7287 } .fill-0 { fill: #0f7287 }
    .series-1 { stroke: #c8501e } .fill-1 { fill: #c8501e }
    .series-2 { stroke: #4450a8 } .fill-2 { fill: #4450a8 }
    .series-3 { stroke: #b8890b } .fill-3 { fill: #b8890b }
    .series-4 { stroke: #a8417f } .fill-4 { fill: #a8417f }
    .series-5 { stroke: #5c6a78 } .fill-5 { fill: #5c6a78 }
    .series-1.line { stroke-dasharray: 9 3 } .series-2.line { stroke-dasharray: 4 2.5 }
    .series-3.line { stroke-dasharray: 10 3 2 3 } .series-4.line { stroke-dasharray: 2 2 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e8eef4 } .note { fill: #9fb0c0 } .tick { fill: #b7c4d1 }
      .paper { fill: #10171f } .frame { stroke: #3a4857 } .grid { stroke: #1f2a35 } .axis { stroke: #74879a }
      .band { fill-opacity: 0.24 }
      .series-0 { stroke: #4fc0d6 } .fill-0 { fill: #4fc0d6 }
      .series-1 { stroke: #f08a56 } .fill-1 { fill: #f08a56 }
      .series-2 { stroke: #97a2f5 } .fill-2 { fill: #97a2f5 }
      .series-3 { stroke: #e5bf4e } .fill-3 { fill: #e5bf4e }
      .series-4 { stroke: #e58fc2 } .fill-4 { fill: #e58fc2 }
      .series-5 { stroke: #a9b8c6 } .fill-5 { fill: #a9b8c6 }
    }
)";

struct Rgb {
  double red, green, blue;  // 0 to 255
};

// Pale sand over sea green to deep blue: red, green, blue.
using Channels = std::array<double, 3>;
constexpr std::array<Channels, 6> kScale = {{{249, 243, 219},
                                             {205, 226, 196},
                                             {132, 196, 187},
                                             {62, 150, 176},
                                             {34, 100, 152},
                                             {24, 52, 108}}};

Rgb color_at(double share) {
  const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(kScale.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(at), kScale.size() - 2);
  const double part = at - static_cast<double>(below);
  const Channels &from = kScale[below], &to = kScale[below + 1];
  return {.red = std::lerp(from[0], to[0], part),
          .green = std::lerp(from[1], to[1], part),
          .blue = std::lerp(from[2], to[2], part)};
}

std::string escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:  // other control characters cannot stand in XML
        escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

// A tenth of a pixel is finer than is seen.
std::string number(double value) {
  std::string digits = fmt::format("{:.1f}", value);
  if (digits.ends_with(".0")) {
    digits.resize(digits.size() - 2);
  }
  return digits == "-0" ? "0" : digits;
}

std::string list(std::span<const Svg::Point> points) {
  std::string text;
  for (const auto& point : points) {
    text += fmt::format("{}{},{}", text.empty() ? "" : " ", number(point.x), number(point.y));
  }
  return text;
}

std::string attribute(std::string_view name, std::string_view value) {
  return value.empty() ? "" : fmt::format(" {}=\"{}\"", name, escape(value));
}

}  // namespace

Svg::Svg(const Size& size, std::string_view title) {
  body_ = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\" aria-labelledby=\"title\">\n"
      "  <title id=\"title\">{2}</title>\n  <style>{3}  </style>\n",
      number(size.width),
      number(size.height),
      escape(title),
      kStyleSheet);
  rectangle({.x = 0, .y = 0, .width = size.width, .height = size.height},
            {.look = "paper", .radius = 8});
}

void Svg::shape(std::string_view tag, std::string_view geometry, const Style& style) {
  body_ += fmt::format("  <{} {}{}{}/>\n",
                       tag,
                       geometry,
                       attribute("class", style.look),
                       attribute("fill", style.fill));
}

void Svg::rectangle(const Box& box, const Style& style) {
  shape("rect",
        fmt::format("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{}",
                    number(box.x),
                    number(box.y),
                    number(box.width),
                    number(box.height),
                    style.radius > 0 ? fmt::format(" rx=\"{}\"", number(style.radius)) : ""),
        style);
}

void Svg::line(const Point& from, const Point& to, const Style& style) {
  shape("line",
        fmt::format("x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"",
                    number(from.x),
                    number(from.y),
                    number(to.x),
                    number(to.y)),
        style);
}

void Svg::polyline(std::span<const Point> points, const Style& style) {
  shape("polyline", fmt::format("points=\"{}\"", list(points)), style);
}

void Svg::polygon(std::span<const Point> points, const Style& style) {
  shape("polygon", fmt::format("points=\"{}\"", list(points)), style);
}

void Svg::circle(const Point& center, double radius, const Style& style) {
  shape("circle",
        fmt::format(
            "cx=\"{}\" cy=\"{}\" r=\"{}\"", number(center.x), number(center.y), number(radius)),
        style);
}

void Svg::text(const Point& at, std::string_view text, const TextStyle& style) {
  constexpr std::array<std::string_view, 3> kAnchors = {"start", "middle", "end"};
  const std::string place = fmt::format("x=\"{}\" y=\"{}\"", number(at.x), number(at.y));
  body_ += fmt::format(
      "  <text {} text-anchor=\"{}\"{}{}{}>{}</text>\n",
      place,
      kAnchors[static_cast<std::size_t>(style.anchor)],
      attribute("class", style.look),
      // A style, since the style sheet's colour for texts outranks an attribute.
      style.fill.empty() ? "" : fmt::format(" style=\"fill: {}\"", style.fill),
      style.turn == 0
          ? ""
          : fmt::format(
                " transform=\"rotate({} {} {})\"", number(style.turn), number(at.x), number(at.y)),
      escape(text));
}

std::string Svg::to_string() const {
  return body_ + "</svg>\n";
}

std::string sequential_color(double share) {
  const Rgb color = color_at(share);
  return fmt::format("#{:02x}{:02x}{:02x}",
                     std::lround(color.red),
                     std::lround(color.green),
                     std::lround(color.blue));
}

std::string_view color_on(double share) {
  const Rgb color = color_at(share);
  const double luma = 0.299 * color.red + 0.587 * color.green + 0.114 * color.blue;
  return luma > 115 ? "#13202c" : "#ffffff";
}

}  // namespace rq
