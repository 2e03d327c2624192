#pragma once
// What is written on a box of the flowchart, and how large the box must be for it.

#include <string>
#include <string_view>
#include <vector>

#include "report/flow.h"

namespace rq::report {

// How wide a text is at most, in pixels: there is no font here to ask, so each character counts as
// the widest of the fonts that the picture may be shown in (DejaVu Sans).
double text_width(std::string_view text, double font_size);

enum class TextLook { kName, kNote };

struct TextLine {
  std::string text = {};
  TextLook look = TextLook::kName;
  double y = 0;  // of its baseline, from the middle of the box, downwards
};

struct BoxText {
  std::vector<TextLine> lines = {};
  double width = 0, height = 0;  // of the whole box, in pixels
};

// The name, cut into lines where it is long and allows it; the figures; and how far a running box
// is, or that it failed. All of it stands inside the box's outline.
BoxText box_text(const FlowBox& box);

}  // namespace rq::report
