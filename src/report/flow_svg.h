#pragma once
// The flowchart as a picture: laid out by graphviz's library, drawn by us, readable on light and on
// dark paper, in print, and without telling colours apart. Each box is a link to #ID, which a page
// that shows the picture may lead to more about it.

#include <string>

#include "report/flow.h"

namespace rq::report {

// REQUIRES that no other thread is in here (internal/layout.h).
std::string flow_svg(const Flow& flow);

}  // namespace rq::report
