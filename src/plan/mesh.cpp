#include "plan/mesh.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.h"
#include "base/require.h"

namespace rq::plan {

std::string describe(const Mesh& mesh) {
  if (mesh.devices() == 1) {
    return "one device";
  }
  std::vector<std::string> parts;
  const auto add = [&](std::string_view axis, int64_t size) {
    if (size > 1) {
      parts.push_back(fmt::format("{} {}", axis, size));
    }
  };
  add("pipeline", mesh.pipeline);
  add("data", mesh.data);
  add("context", mesh.context);
  std::string text = fmt::format("{}", fmt::join(parts, " x "));
  if (mesh.expert > 1) {
    text += fmt::format(", experts over {}", mesh.expert);
  }
  if (mesh.pipeline > 1) {
    text += fmt::format(", {}", enum_name(mesh.schedule));
  }
  return text;
}

bool MeshWish::admits(const Mesh& mesh) const {
  const auto is_met = [](int64_t wish, int64_t size) { return wish == 0 || wish == size; };
  return is_met(pipeline, mesh.pipeline) && is_met(data, mesh.data) &&
         is_met(context, mesh.context) && is_met(expert, mesh.expert) &&
         (schedule.empty() || mesh.pipeline == 1 || schedule == enum_name(mesh.schedule));
}

std::vector<std::string> MeshWish::problems() const {
  Requirements all;
  all.require(pipeline >= 0 && data >= 0 && context >= 0 && expert >= 0,
              "pipeline={}, data={}, context={}, expert={}: no axis has fewer than 1 rank",
              pipeline,
              data,
              context,
              expert);
  all.require(schedule.empty() || schedule == enum_name(Schedule::kOneForwardOneBack) ||
                  schedule == enum_name(Schedule::kDualPipe),
              "schedule={}: there are {} and {}",
              schedule,
              enum_name(Schedule::kOneForwardOneBack),
              enum_name(Schedule::kDualPipe));
  return all.take();
}

MeshWish parse_mesh(std::string_view text) {
  ConfigNode root;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    set_override(root, text.substr(begin, end - begin));
    begin = end + 1;
  }
  return read_config<MeshWish>(root, "mesh");
}

std::vector<int64_t> blocks_by_stage(const model::ModelConfig& config,
                                     int64_t prediction_layers,
                                     int64_t stages) {
  const int64_t blocks = config.layers + prediction_layers;
  std::vector<int64_t> counts(static_cast<std::size_t>(stages), blocks / stages);
  const int64_t rest = blocks % stages, first = (stages - rest) / 2;
  for (int64_t i = 0; i < rest; ++i) {
    ++counts[static_cast<std::size_t>(first + i)];
  }
  return counts;
}

}  // namespace rq::plan
