#include "plan/traffic.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "plan/parameters.h"

namespace rq::plan {
namespace {

double number(int64_t value) {
  return static_cast<double>(value);
}

// How many of so many places a token visits whose experts lie on them as chance has it.
double distinct(double places, double visits) {
  return places * (1 - std::pow(1 - 1 / places, visits));
}

// Nodes besides its own that a token is sent to, and devices of a node besides the one it comes to.
struct Reach {
  double nodes = 0, devices = 0;
};

Reach reach_of(const model::MoeConfig& moe, const Mesh& mesh, const Device& device) {
  if (mesh.expert == 1) {
    return {};
  }
  const double in_node = std::min(number(device.devices_a_node), number(mesh.expert)),
               nodes = number(mesh.expert) / in_node, visits = number(moe.top_k);
  // Node-limited routing (DeepSeek-V3 §2.1.2): as many nodes as groups, and the best of them alone.
  const double visited = nodes == number(moe.groups) && moe.groups > 1
                             ? std::min(number(moe.top_groups), visits)
                             : distinct(nodes, visits);
  const double on_each = distinct(in_node, visits / visited);
  return {.nodes = visited * (1 - 1 / nodes), .devices = visited * on_each * (1 - 1 / in_node)};
}

// Bytes a token of one layer whose ranks share rows: the latents of all tokens come to each, which
// expands them for its own heads, and each head's output goes back to its token.
double context_bytes(const model::AttentionConfig& attention, const Mesh& mesh, double passing) {
  if (mesh.context == 1) {
    return 0;
  }
  const double ranks = number(mesh.context), heads = number(attention.heads);
  const double query = attention.kind == model::AttentionKind::kMla && attention.query_rank > 0
                           ? number(attention.query_rank) * (ranks - 1)
                           : heads * number(attention.key_width()) * (1 - 1 / ranks);
  const double output = heads * number(attention.value_head_width()) * (1 - 1 / ranks);
  return (number(attention.cache_width()) * (ranks - 1) + query + output) * passing;
}

}  // namespace

Traffic step_traffic(const Workload& work,
                     const Mesh& mesh,
                     const Device& device,
                     const Formats& formats,
                     double rows) {
  const model::ModelConfig& config = work.shape;
  const double tokens = rows * work.row_tokens / number(mesh.data * mesh.context);  // of a rank
  const double stages = number(mesh.pipeline), width = number(config.width);
  const int64_t depths = work.has_prediction ? config.mtp_layers : 0;
  const double blocks = number(config.layers + depths);
  const double mixtures = config.moe.experts > 0 ? blocks - number(config.dense_layers) : 0;
  const Reach reach = reach_of(config.moe, mesh, device);
  const double there_and_back = width * (formats.dispatched + formats.passing);
  Traffic traffic;
  // Forward; and on the way back gradients take the same two ways.
  traffic.experts_network = 2 * tokens * mixtures / stages * reach.nodes * there_and_back;
  traffic.experts_node = 2 * tokens * mixtures / stages * reach.devices * there_and_back;
  traffic.context =
      3 * tokens * blocks / stages * context_bytes(config.attention, mesh, formats.passing);
  traffic.pipeline = mesh.pipeline > 1 ? 2 * tokens * width * formats.passing : 0;

  const double copies = mesh.schedule == Schedule::kDualPipe && mesh.pipeline > 1 ? 2 : 1;
  const double same = number(mesh.data * mesh.context) * copies,
               same_expert = same / number(mesh.expert);
  const ParameterCount count = count_parameters(config);
  const double experts = number(count.stored.experts) / stages / number(mesh.expert) * copies,
               others = number(count.total() - count.stored.experts) / stages * copies;
  const double shared = experts * (1 - 1 / same_expert) + others * (1 - 1 / same);
  traffic.gradients = shared * formats.gradient;
  traffic.parameters = shared * std::min(formats.weight, 2.0);
  return traffic;
}

LinkSeconds link_seconds(const Traffic& traffic, const Mesh& mesh, const Device& device) {
  const double network = 1e9 * device.network_gb_per_s, node = 1e9 * device.node_gb_per_s;
  const auto over = [](double bytes, double bytes_per_s) {
    return bytes > 0 ? bytes / bytes_per_s : 0;
  };
  const bool is_one_node = mesh.devices() <= device.devices_a_node;
  // Ranks stand in the order context, expert, data, pipeline: those of one row next to each other.
  const bool is_context_in_node = mesh.context <= device.devices_a_node;
  double on_network = traffic.experts_network, on_node = traffic.experts_node;
  (is_context_in_node ? on_node : on_network) += traffic.context;
  (is_one_node ? on_node : on_network) += traffic.pipeline;
  const double after = traffic.gradients + traffic.parameters;
  return {.beside = std::max(over(on_network, network), over(on_node, node)),
          .after = over(after, is_one_node ? node : network)};
}

}  // namespace rq::plan
