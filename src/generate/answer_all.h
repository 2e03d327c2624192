#pragma once
// Many prompts at once, each answered to its end.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "generate/engine.h"

namespace rq::generate {

struct Answer {
  std::vector<std::int32_t> tokens = {};  // without the end token
  bool is_cut = false;                    // by max_tokens, or the context
};

// Beside the requests, which must have no listeners of their own; `on_answer` is told which one is
// complete. Throws Interrupted where a stop was requested.
std::vector<Answer> answer_all(Engine& engine,
                               std::vector<Request> requests,
                               const std::function<void(std::size_t, const Answer&)>& on_answer);

}  // namespace rq::generate
