#include "report/internal/layout.h"

#include <graphviz/gvc.h>

#include <cassert>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/format.h"

// The layout engine is linked, not looked for in the system's list of plug-ins.
extern "C" gvplugin_library_t gvplugin_dot_layout_LTX_library;

namespace rq::report {
namespace {

constexpr double kPointsAnInch = 72;  // one point is one pixel of ours

// The library takes its texts as char*, and copies them.
char* text(const std::string& words) {
  return const_cast<char*>(words.c_str());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

// A graph with its context, freed in the order that the library wants.
class Drawing {
 public:
  explicit Drawing(Direction direction) {
    lt_symlist_t engines[] = {{"gvplugin_dot_layout_LTX_library", &gvplugin_dot_layout_LTX_library},
                              {nullptr, nullptr}};
    context_ = gvContextPlugins(engines, /*demand_loading=*/0);
    graph_ = agopen(text("flow"), Agdirected, nullptr);
    set_all(AGRAPH, "rankdir", direction == Direction::kDown ? "TB" : "LR");
    set_all(AGRAPH, "nodesep", "0.22");
    set_all(AGRAPH, "ranksep", "0.42");
    set_all(AGRAPH, "remincross", "true");
    set_all(AGRAPH, "nslimit", "8");
    set_all(AGNODE, "label", "");
    set_all(AGNODE, "fixedsize", "true");
    set_all(AGNODE, "shape", "box");
    set_all(AGNODE, "width", "1");
    set_all(AGNODE, "height", "1");
    set_all(AGEDGE, "weight", "1");
    set_all(AGEDGE, "arrowhead", "normal");
    set_all(AGEDGE, "arrowsize", "0.7");
  }
  ~Drawing() {
    if (is_laid_out_) {
      gvFreeLayout(context_, graph_);
    }
    agclose(graph_);
    gvFreeContext(context_);
  }
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;

  Agnode_t* add_box(std::size_t index, const FlowBox& box, const BoxSize& size) {
    Agnode_t* const node = agnode(graph_, text(fmt::format("{}", index)), /*create=*/1);
    set(node, "width", fmt::format("{}", size.width / kPointsAnInch));
    set(node, "height", fmt::format("{}", size.height / kPointsAnInch));
    set(node, "shape", box.shape == Shape::kProcess ? "diamond" : "box");
    return node;
  }

  Agedge_t* add_arrow(std::size_t index, Agnode_t* from, Agnode_t* to, const FlowArrow& arrow) {
    Agedge_t* const edge = agedge(graph_, from, to, text(fmt::format("{}", index)), /*create=*/1);
    set(edge, "weight", arrow.is_side ? "1" : "4");
    return edge;
  }

  void lay_out() {
    check(gvLayout(context_, graph_, "dot") == 0, "graphviz cannot lay the flowchart out");
    is_laid_out_ = true;
  }

  BoxSize size() const { return {.width = GD_bb(graph_).UR.x, .height = GD_bb(graph_).UR.y}; }
  // The library's y grows upwards.
  Svg::Point ours(const pointf& point) const {
    return {.x = point.x, .y = GD_bb(graph_).UR.y - point.y};
  }

 private:
  void set_all(int kind, const std::string& name, const std::string& value) {
    agattr(graph_, kind, text(name), text(value));
  }
  static void set(void* thing, const std::string& name, const std::string& value) {
    agset(thing, text(name), text(value));
  }

  GVC_t* context_ = nullptr;
  Agraph_t* graph_ = nullptr;
  bool is_laid_out_ = false;
};

Layout::Arrow arrow_of(const Drawing& drawing, Agedge_t* edge) {
  Layout::Arrow arrow;
  const splines* const lines = ED_spl(edge);
  if (lines == nullptr || lines->size == 0) {
    return arrow;
  }
  const bezier& line = lines->list[0];
  for (std::size_t i = 0; i < static_cast<std::size_t>(line.size); ++i) {
    arrow.curve.push_back(drawing.ours(line.list[i]));
  }
  arrow.tip = line.eflag != 0 ? drawing.ours(line.ep) : arrow.curve.back();
  return arrow;
}

}  // namespace

Layout lay_out(const Flow& flow, std::span<const BoxSize> sizes, Direction direction) {
  assert(sizes.size() == flow.boxes.size());
  Drawing drawing(direction);
  std::vector<Agnode_t*> nodes;
  for (std::size_t i = 0; i < flow.boxes.size(); ++i) {
    nodes.push_back(drawing.add_box(i, flow.boxes[i], sizes[i]));
  }
  std::vector<Agedge_t*> edges;
  for (std::size_t i = 0; i < flow.arrows.size(); ++i) {
    const FlowArrow& arrow = flow.arrows[i];
    edges.push_back(drawing.add_arrow(i, nodes[arrow.from], nodes[arrow.to], arrow));
  }
  drawing.lay_out();
  Layout layout{
      .width = drawing.size().width, .height = drawing.size().height, .middles = {}, .arrows = {}};
  for (Agnode_t* const node : nodes) {
    layout.middles.push_back(drawing.ours(ND_coord(node)));
  }
  for (Agedge_t* const edge : edges) {
    layout.arrows.push_back(arrow_of(drawing, edge));
  }
  return layout;
}

}  // namespace rq::report
