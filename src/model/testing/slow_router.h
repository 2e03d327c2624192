#pragma once
// The choice of experts and the balance loss as loops over doubles: what the fast ones are compared
// with.

#include <cstdint>
#include <vector>

#include "base/tensor.h"
#include "model/config.h"

namespace rq::model::testing {

using Row = std::vector<double>;
using Rows = std::vector<Row>;  // one a token, or one an output of a matrix

// The experts that a token with these scores visits, best first; ties go to the lower index. `bias`
// is added for the choice; empty: none.
std::vector<int64_t> slow_choice(const Row& scores, const Row& bias, const MoeConfig& config);

// Eqs. 17 to 20 without alpha, averaged over `batch` sequences that stand one after another.
double slow_balance_loss(const Rows& scores, int64_t batch, int64_t top_k);

// A matrix as rows of doubles; a vector as one row.
Rows to_rows(const Tensor& matrix);

}  // namespace rq::model::testing
