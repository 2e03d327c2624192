#pragma once
// How devices share a network: the axes of the mesh, and the order in which a pipeline's stages
// work.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/config.h"

namespace rq::plan {

// One stage forward, one back (1F1B, arXiv 1806.03377), or both directions at once (DualPipe,
// DeepSeek-V3 §3.2.1).
enum class Schedule { kOneForwardOneBack, kDualPipe };
constexpr std::array<std::pair<Schedule, std::string_view>, 2> enum_names(Schedule) {
  return {{{Schedule::kOneForwardOneBack, "1f1b"}, {Schedule::kDualPipe, "dualpipe"}}};
}

// devices = pipeline * data * context. The experts are spread over `expert` ranks out of the data
// and context axes; all else is held by each of those.
struct Mesh {
  int64_t pipeline = 1;
  int64_t data = 1;
  int64_t context = 1;  // ranks that share a row; each holds its share of the heads in attention
  int64_t expert = 1;
  Schedule schedule = Schedule::kOneForwardOneBack;

  int64_t devices() const { return pipeline * data * context; }
  template <typename Visit>
  void each(Visit&& visit) {
    visit("pipeline", pipeline);
    visit("data", data);
    visit("context", context);
    visit("expert", expert);
    visit("schedule", schedule);
  }
};

// "pipeline 16 x data 128, experts over 64, dualpipe"; "one device".
std::string describe(const Mesh& mesh);

// What a mesh is asked to be; 0 and "" leave an axis and the schedule to the search.
struct MeshWish {
  int64_t pipeline = 0, data = 0, context = 0, expert = 0;
  std::string schedule = {};

  bool admits(const Mesh& mesh) const;
  template <typename Visit>
  void each(Visit&& visit) {
    visit("pipeline", pipeline);
    visit("data", data);
    visit("context", context);
    visit("expert", expert);
    visit("schedule", schedule);
  }
  std::vector<std::string> problems() const;
};
// "pipeline=16,expert=64". An Error says what is wrong.
MeshWish parse_mesh(std::string_view text);

// The blocks of each stage; the last ones are the prediction layers. As even as they come, the
// first and the last stage, which hold the embedding and the head, among those with fewer.
std::vector<int64_t> blocks_by_stage(const model::ModelConfig& config,
                                     int64_t prediction_layers,
                                     int64_t stages);

}  // namespace rq::plan
