#pragma once
// Pictures as SVG, readable on light and on dark paper: the few shapes that plots are made of, and
// the looks that all our plots share.
//
//   Svg svg({.width = 640, .height = 400}, "Loss by position");
//   svg.text({20, 30}, "Loss by position", {.look = "title"});
//   svg.polyline(points, {.look = "line series-0"});
//   write_file("plot.svg", svg.to_string());
//
// A `look` names classes of the style sheet: title, head, note, label, tick, number, small (texts);
// paper, frame, grid, axis, mark (what stands behind); line and band with one of series-0 to
// series-5 (strokes) or fill-0 to fill-5 (areas), colours that the colour-blind tell apart.
// Lengths are in pixels, y grows downwards.

#include <span>
#include <string>
#include <string_view>

namespace rq {

enum class Anchor { kStart, kMiddle, kEnd };

class Svg {
 public:
  struct Size {
    double width, height;
  };
  struct Point {
    double x, y;
  };
  struct Box {
    double x, y, width, height;
  };
  struct Style {
    std::string_view look = {};  // a class of the style sheet
    std::string_view fill = {};  // a colour in place of the look's
    double radius = 0;           // of a rectangle's corners
  };
  struct TextStyle {
    std::string_view look = "label";
    Anchor anchor = Anchor::kStart;
    std::string_view fill = {};
    double turn = 0;  // degrees, clockwise
  };

  static constexpr int kSeries = 6;  // how many looks series-N there are

  // Paper of this size; `title` is what a reader who cannot see the picture is told.
  Svg(const Size& size, std::string_view title);

  void rectangle(const Box& box, const Style& style);
  void line(const Point& from, const Point& to, const Style& style);
  void polyline(std::span<const Point> points, const Style& style);
  void polygon(std::span<const Point> points, const Style& style);
  void circle(const Point& center, double radius, const Style& style);
  // One line, its baseline through `at`.
  void text(const Point& at, std::string_view text, const TextStyle& style);

  std::string to_string() const;

 private:
  void shape(std::string_view tag, std::string_view geometry, const Style& style);

  std::string body_;
};

// From pale (0) to dark (1) over a scale whose lightness falls evenly, so that it reads without
// colour too: "#2a7ba6". Values outside are taken as the nearest end.
std::string sequential_color(double share);
// Of black and white, what is read better on sequential_color(share).
std::string_view color_on(double share);

}  // namespace rq
