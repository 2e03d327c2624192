#pragma once
// A run as a flowchart: data as cylinders, processes as diamonds, models as squares, each with its
// state and the figure that matters. Whoever knows a recipe fills this in; what is drawn from it
// needs to know no more.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rq::report {

enum class Shape { kData, kProcess, kModel, kTokenizer };

// kGiven is there without work: a folder that exists. kWaiting: for its turn; kForPeople: for
// people, who have something to do.
enum class State { kGiven, kWaiting, kRunning, kStopped, kForPeople, kFailed, kStale, kDone };

// The word for it: "waiting"; of kGiven "given".
std::string_view state_name(State state);

struct FlowBox {
  std::string id = {};    // "process.pretrain"
  std::string name = {};  // "pretrain"
  Shape shape = Shape::kData;
  State state = State::kWaiting;
  double share = 0;  // of kRunning: how much is done; 0 where that is not known
  std::vector<std::string> figures = {};  // those that matter: "2.5M tokens"
};

struct FlowArrow {
  std::size_t from = 0, to = 0;  // indices of boxes
  bool is_side = false;          // something is looked up there, or kept clear of: drawn thin
};

struct Flow {
  std::string title = {};
  std::vector<FlowBox> boxes = {};
  std::vector<FlowArrow> arrows = {};
};

}  // namespace rq::report
