#pragma once
// Curves of loss by position for people and programs: a table, JSON, and a plot.

#include <span>
#include <string>

#include "base/json.h"
#include "eval/loss_by_position.h"

namespace rq::eval {

// How the positions of a plot are spread.
struct CurvePlot {
  std::span<const PositionCurve> curves;
  Spacing spacing = Spacing::kLogarithmic;
};

// A row a bucket, a column a curve: mean loss and standard error. REQUIRES curves with the same
// buckets, as for the two below.
std::string to_table(std::span<const PositionCurve> curves);

// All curves with the counts of each bucket; null where nothing was scored, or no error is known.
Json to_json(std::span<const PositionCurve> curves);

// A line a curve with its 95 % band, and a mark at each trained context that was passed, as SVG.
std::string to_svg(const CurvePlot& plot);

}  // namespace rq::eval
