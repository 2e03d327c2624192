#pragma once
// What values cannot be, gathered sentence by sentence: require() reads like check() and goes on.
//
//   Requirements all;
//   all.require(top_k <= experts, "top_k={} exceeds experts={}", top_k, experts);
//   return all.take();

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"

namespace rq {

class Requirements {
 public:
  template <typename... Args>
  void require(bool ok, fmt::format_string<Args...> text, Args&&... args) {
    if (!ok) {
      broken_.push_back(fmt::format(text, std::forward<Args>(args)...));
    }
  }
  void require_positive(std::string_view name, std::int64_t value) {
    require(value >= 1, "{}={} must be at least 1", name, value);
  }
  // A sentence for each that was broken, in order.
  std::vector<std::string> take() { return std::move(broken_); }

 private:
  std::vector<std::string> broken_;
};

}  // namespace rq
