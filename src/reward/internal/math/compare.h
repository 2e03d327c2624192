#pragma once
// Whether two parsed answers mean the same.

#include "reward/internal/math/tree.h"

namespace rq::reward::math {

// The rules are those of math_answer.h.
bool are_same(const Node& given, const Node& expected);

}  // namespace rq::reward::math
