#pragma once
// Where the boxes of a flowchart stand and how its arrows run, by graphviz's library.

#include <cstddef>
#include <span>
#include <vector>

#include "base/svg.h"
#include "report/flow.h"

namespace rq::report {

enum class Direction { kDown, kRight };

struct BoxSize {
  double width, height;  // pixels
};

struct Layout {
  struct Arrow {
    std::vector<Svg::Point> curve = {};  // cubic Bezier: a start, and three points a piece
    Svg::Point tip = {};                 // where its head ends
  };
  double width = 0, height = 0;
  std::vector<Svg::Point> middles = {};  // of the boxes, in their order
  std::vector<Arrow> arrows = {};        // in their order
};

// REQUIRES that no other thread is in here: the library has state of its own.
Layout lay_out(const Flow& flow, std::span<const BoxSize> sizes, Direction direction);

}  // namespace rq::report
