#pragma once
// Random numbers for tests.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/rng.h"

namespace rq::kernels::cpu::testing {

// Standard normal, the same for the same name.
inline std::vector<float> random(std::int64_t count, std::string_view name) {
  Rng rng(1, name);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) {
    value = static_cast<float>(rng.normal());
  }
  return values;
}

}  // namespace rq::kernels::cpu::testing
