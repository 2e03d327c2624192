#pragma once
// An order in which each node comes after those it needs.

#include <cstddef>
#include <vector>

namespace rq::pipeline::internal {

struct Order {
  std::vector<std::size_t> nodes = {};  // all of them, or fewer where there is a cycle
  std::vector<std::size_t> cycle =
      {};  // each needs the next and the last needs the first; empty where all is well
};

// `after[i]` are the nodes that i needs. Among those that are ready the lowest comes first, so that
// nodes stay in the order of the file where they can.
Order dependency_order(const std::vector<std::vector<std::size_t>>& after);

}  // namespace rq::pipeline::internal
