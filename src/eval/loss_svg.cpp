// The plot of eval/loss_report.h.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/svg.h"
#include "eval/loss_report.h"

namespace rq::eval {
namespace {

constexpr double kWidth = 780, kPlotHeight = 340;
constexpr double kLeft = 76, kRight = 28, kTop = 84, kBottom = 66;
constexpr double kLegendRow = 20;
constexpr double kQuantile = 1.96;  // of a 95 % band

double middle_of(const PositionBucket& bucket, Spacing spacing) {
  const auto first = static_cast<double>(bucket.first), last = static_cast<double>(bucket.last);
  return spacing == Spacing::kLogarithmic ? std::sqrt(first * last) : (first + last) / 2;
}

double margin_of(const PositionBucket& bucket) {
  return std::isfinite(bucket.standard_error) ? kQuantile * bucket.standard_error : 0;
}

// A step of 1, 2 or 5 times a power of ten that cuts `range` into about five.
double nice_step(double range) {
  const double rough = range / 5, power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) {
      return factor * power;
    }
  }
  return 10 * power;
}

// From positions and losses to pixels.
class Axes {
 public:
  explicit Axes(const CurvePlot& plot) : spacing_(plot.spacing) {
    low_ = std::numeric_limits<double>::max();
    high_ = std::numeric_limits<double>::lowest();
    for (const PositionCurve& curve : plot.curves) {
      for (const PositionBucket& bucket : curve.buckets) {
        if (bucket.tokens > 0) {
          low_ = std::min(low_, bucket.loss - margin_of(bucket));
          high_ = std::max(high_, bucket.loss + margin_of(bucket));
          last_ = std::max(last_, static_cast<double>(bucket.last + 1));
        }
      }
    }
    if (low_ > high_) {
      low_ = 0;
      high_ = 1;
    }
    step_ = nice_step(std::max(high_ - low_, 1e-3));
    low_ = std::floor(low_ / step_) * step_;
    high_ = std::max(std::ceil(high_ / step_) * step_, low_ + step_);  // also of one value
    top_ = kTop + kLegendRow * static_cast<double>(plot.curves.size());
  }

  Svg::Point at(double position, double loss) const {
    const double share = spacing_ == Spacing::kLogarithmic ? std::log(position) / std::log(last_)
                                                           : (position - 1) / (last_ - 1);
    return {.x = kLeft + share * (kWidth - kLeft - kRight),
            .y = top_ + (high_ - loss) / (high_ - low_) * kPlotHeight};
  }
  double low() const { return low_; }
  double high() const { return high_; }
  double last() const { return last_; }
  double step() const { return step_; }
  double top() const { return top_; }

  std::vector<double> position_ticks() const {
    std::vector<double> ticks;
    if (spacing_ == Spacing::kLogarithmic) {
      // Powers of two, the highest among them; every second one where all would touch.
      const int highest = std::ilogb(last_), stride = highest > 14 ? 2 : 1;
      for (int power = highest % stride; power <= highest; power += stride) {
        ticks.push_back(std::ldexp(1.0, power));
      }
    } else {
      for (double tick = 0; tick <= last_; tick += nice_step(last_)) {
        ticks.push_back(std::max(tick, 1.0));
      }
    }
    return ticks;
  }

 private:
  Spacing spacing_;
  double low_, high_, last_ = 2, step_ = 1, top_ = kTop;
};

void draw_axes(Svg& svg, const Axes& axes) {
  const auto decimals = static_cast<int>(std::max(0.0, std::ceil(-std::log10(axes.step()) - 1e-9)));
  const auto rows = std::lround((axes.high() - axes.low()) / axes.step());
  for (long row = 0; row <= rows; ++row) {
    const double loss = axes.low() + axes.step() * static_cast<double>(row);
    const Svg::Point left = axes.at(1, loss), right = axes.at(axes.last(), loss);
    svg.line(left, right, {.look = row == 0 ? "axis" : "grid"});
    svg.text({.x = left.x - 10, .y = left.y + 4},
             fmt::format("{:.{}f}", loss, decimals),
             {.look = "tick", .anchor = Anchor::kEnd});
  }
  for (const double tick : axes.position_ticks()) {
    const Svg::Point foot = axes.at(tick, axes.low());
    svg.line(foot, {.x = foot.x, .y = foot.y + 5}, {.look = "axis"});
    svg.text({.x = foot.x, .y = foot.y + 20},
             fmt::format("{:.0f}", tick),
             {.look = "tick", .anchor = Anchor::kMiddle});
  }
  const Svg::Point corner = axes.at(1, axes.low()), end = axes.at(axes.last(), axes.high());
  svg.text({.x = (corner.x + end.x) / 2, .y = corner.y + 44},
           "distance from the start of the sequence, tokens",
           {.look = "label", .anchor = Anchor::kMiddle});
  svg.text({.x = 24, .y = (corner.y + end.y) / 2},
           "mean loss, nats a token",
           {.look = "label", .anchor = Anchor::kMiddle, .turn = -90});
}

void draw_curve(
    Svg& svg, const PositionCurve& curve, const Axes& axes, Spacing spacing, std::size_t series) {
  const std::string stroke = fmt::format("series-{}", series),
                    fill = fmt::format("fill-{}", series);
  std::vector<Svg::Point> line, band, lower;
  for (const PositionBucket& bucket : curve.buckets) {
    if (bucket.tokens > 0) {
      const double middle = middle_of(bucket, spacing), margin = margin_of(bucket);
      line.push_back(axes.at(middle, bucket.loss));
      band.push_back(axes.at(middle, bucket.loss + margin));
      lower.push_back(axes.at(middle, bucket.loss - margin));
    }
  }
  band.insert(band.end(), lower.rbegin(), lower.rend());
  svg.polygon(band, {.look = "band " + fill});
  if (curve.scored_context > curve.trained_context) {
    const auto trained = static_cast<double>(curve.trained_context);
    svg.line(
        axes.at(trained, axes.low()), axes.at(trained, axes.high()), {.look = "mark " + stroke});
  }
  svg.polyline(line, {.look = "line " + stroke});
  for (const Svg::Point& point : line) {
    svg.circle(point, 3.2, {.look = fill});
  }
}

void draw_legend(Svg& svg, const PositionCurve& curve, std::size_t row, std::size_t series) {
  const double y = kTop - 4 + kLegendRow * static_cast<double>(row);
  const Svg::Point from{.x = kLeft, .y = y - 4}, to{.x = kLeft + 34, .y = y - 4};
  svg.line(from, to, {.look = fmt::format("line series-{}", series)});
  svg.circle({.x = kLeft + 17, .y = y - 4}, 3.2, {.look = fmt::format("fill-{}", series)});
  std::string text = fmt::format("{}: trained at {}", curve.name, curve.trained_context);
  if (curve.scored_context > curve.trained_context) {
    text += fmt::format(" (dotted), scored up to {}", curve.scored_context);
  }
  svg.text({.x = kLeft + 44, .y = y}, text, {.look = "label"});
}

}  // namespace

std::string to_svg(const CurvePlot& plot) {
  const Axes axes(plot);
  Svg svg({.width = kWidth, .height = axes.top() + kPlotHeight + kBottom},
          "Mean loss by distance from the start of the sequence");
  svg.text({.x = kLeft, .y = 36}, "Loss by position", {.look = "title"});
  svg.text({.x = kLeft, .y = 57},
           "Points: means of all tokens in a range of positions; bands: 95 %, over sequences.",
           {.look = "note"});
  draw_axes(svg, axes);
  for (std::size_t i = 0; i < plot.curves.size(); ++i) {
    const std::size_t series = i % Svg::kSeries;
    draw_curve(svg, plot.curves[i], axes, plot.spacing, series);
    draw_legend(svg, plot.curves[i], i, series);
  }
  return svg.to_string();
}

}  // namespace rq::eval
