#include "report/internal/box_text.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"

namespace rq::report {
namespace {

constexpr double kNameSize = 14, kNoteSize = 12;  // pixels, as in the style sheet
constexpr double kNameLine = 17, kNoteLine = 15;
constexpr double kMargin = 9;          // between text and outline
constexpr double kCap = 9;             // a cylinder's top ellipse, half of it
constexpr std::size_t kLongName = 11;  // characters past which a name is cut at a hyphen
constexpr double kLeastWidth = 84, kLeastHeight = 46;

double size_of(TextLook look) {
  return look == TextLook::kName ? kNameSize : kNoteSize;
}
double line_height(TextLook look) {
  return look == TextLook::kName ? kNameLine : kNoteLine;
}

// "logic-distil-plain" -> "logic-", "distil-plain": at the hyphens, dots and underscores that make
// the longest line shortest.
std::vector<std::string> cut_name(const std::string& name) {
  if (name.size() <= kLongName) {
    return {name};
  }
  std::size_t best = std::string::npos;
  const auto longer = [&](std::size_t at) { return std::max(at + 1, name.size() - at - 1); };
  for (std::size_t at = name.find_first_of("-_. "); at != std::string::npos && at + 1 < name.size();
       at = name.find_first_of("-_. ", at + 1)) {
    best = best == std::string::npos || longer(at) < longer(best) ? at : best;
  }
  if (best == std::string::npos) {
    return {name};
  }
  return {name.substr(0, best + 1), name.substr(best + 1)};
}

std::string state_text(const FlowBox& box) {
  switch (box.state) {
    case State::kRunning:
      return box.share > 0 ? fmt::format("running {:.0f} %", std::floor(100 * box.share))
                           : "running";
    case State::kFailed:
    case State::kStopped:
    case State::kForPeople:
    case State::kStale:
      return std::string(state_name(box.state));
    default:
      return {};
  }
}

// Places the lines one below the other around y = 0, and returns how tall they are.
double stack(std::vector<TextLine>& lines) {
  double height = 0;
  for (const TextLine& line : lines) {
    height += line_height(line.look);
  }
  double top = -height / 2;
  for (TextLine& line : lines) {
    top += line_height(line.look);
    line.y = top - 0.28 * line_height(line.look);
  }
  return height;
}

double widest(const std::vector<TextLine>& lines) {
  double width = 0;
  for (const TextLine& line : lines) {
    width = std::max(width, text_width(line.text, size_of(line.look)));
  }
  return width;
}

// The narrowest diamond of a pleasant shape whose outline no line touches: at height y it is
// width * (1 - |y| / (height / 2)) wide.
void fit_diamond(BoxText& text) {
  constexpr double kTallness = 0.62;  // height over width
  const auto needs = [&](double width) {
    const double half = kTallness * width / 2;
    return std::ranges::all_of(text.lines, [&](const TextLine& line) {
      const double above = std::abs(line.y - 0.75 * size_of(line.look)),
                   below = std::abs(line.y + 3);
      const double room = width * (1 - std::max(above, below) / half);
      return room >= text_width(line.text, size_of(line.look)) + kMargin;
    });
  };
  double width = kLeastWidth;
  while (!needs(width)) {
    width += 4;
  }
  text.width = width;
  text.height = kTallness * width;
}

}  // namespace

double text_width(std::string_view text, double font_size) {
  double ems = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U) {
      continue;  // the rest of a character
    }
    const bool is_narrow = std::string_view("iljt.,:;'|!()[] fr").find(c) != std::string_view::npos;
    const bool is_wide = std::string_view("mwMW%@").find(c) != std::string_view::npos;
    ems += byte >= 0x80             ? 1.0
           : is_narrow              ? 0.42
           : is_wide                ? 1.0
           : (c >= 'A' && c <= 'Z') ? 0.75
                                    : 0.64;
  }
  return ems * font_size;
}

BoxText box_text(const FlowBox& box) {
  BoxText text;
  for (std::string& part : cut_name(box.name)) {
    text.lines.push_back({.text = std::move(part), .look = TextLook::kName});
  }
  for (const std::string& figure : box.figures) {
    text.lines.push_back({.text = figure, .look = TextLook::kNote});
  }
  if (std::string state = state_text(box); !state.empty()) {
    text.lines.push_back({.text = std::move(state), .look = TextLook::kNote});
  }
  const double height = stack(text.lines);
  if (box.shape == Shape::kProcess) {
    fit_diamond(text);
    return text;
  }
  text.width = std::max(kLeastWidth, widest(text.lines) + 2 * kMargin);
  text.height = std::max(kLeastHeight, height + 2 * kMargin);
  if (box.shape == Shape::kData) {
    text.height += 2 * kCap;
    for (TextLine& line : text.lines) {
      line.y += kCap;  // below the top ellipse
    }
  }
  return text;
}

}  // namespace rq::report
