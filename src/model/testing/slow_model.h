#pragma once
// The network once more, as the paper writes it: loops over doubles, one token, head and expert at
// a time, no tensor operators. What the fast network is compared with, in tests and by `rorqual
// verify`.

#include <cstdint>
#include <vector>

#include "model/model.h"
#include "model/testing/slow_router.h"

namespace rq::model::testing {

using Tokens = std::vector<int64_t>;

struct SlowOutput {
  Rows hidden;               // normed, [S][D]
  std::vector<Rows> scores;  // of each mixture block, in order: [S][E]
};

// What Model::operator() gives for one sequence.
SlowOutput slow_forward(const Model& model, const Tokens& tokens);

// Model::predict_further of one sequence: `hidden` [S][D], `tokens` those depth + 1 places ahead.
SlowOutput slow_predict_further(const Model& model,
                                int64_t depth,
                                const Rows& hidden,
                                const Tokens& tokens);

}  // namespace rq::model::testing
