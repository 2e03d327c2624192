#include "pipeline/internal/order.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace rq::pipeline::internal {

namespace {

// Every node left waits for another one left: going from one to the next must come back to where it
// has been.
std::vector<std::size_t> find_cycle(const std::vector<std::vector<std::size_t>>& after,
                                    const std::vector<bool>& is_sorted) {
  const auto is_left = [&](std::size_t node) { return !is_sorted[node]; };
  auto node = static_cast<std::size_t>(std::find(is_sorted.begin(), is_sorted.end(), false) -
                                       is_sorted.begin());
  std::vector<std::size_t> path;
  for (;;) {
    const auto seen = std::find(path.begin(), path.end(), node);
    if (seen != path.end()) {
      return {seen, path.end()};
    }
    path.push_back(node);
    node = *std::find_if(after[node].begin(), after[node].end(), is_left);
  }
}

}  // namespace

Order dependency_order(const std::vector<std::vector<std::size_t>>& after) {
  Order order;
  std::vector<bool> is_sorted(after.size(), false);
  const auto is_ready = [&](std::size_t node) {
    return !is_sorted[node] &&
           std::all_of(
               after[node].begin(), after[node].end(), [&](std::size_t i) { return is_sorted[i]; });
  };
  while (order.nodes.size() < after.size()) {
    std::size_t next = 0;
    while (next < after.size() && !is_ready(next)) {
      ++next;
    }
    if (next == after.size()) {
      order.cycle = find_cycle(after, is_sorted);
      break;
    }
    is_sorted[next] = true;
    order.nodes.push_back(next);
  }
  return order;
}

}  // namespace rq::pipeline::internal
