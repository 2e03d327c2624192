#pragma once
// The value of an expression where its variables are given values: a point.

#include <cstdint>
#include <set>
#include <string>

#include "reward/internal/math/number.h"
#include "reward/internal/math/tree.h"

namespace rq::reward::math {

// Of `node`, without the constants.
std::set<std::string> variables_of(const Node& node);

struct Evaluation {
  Value value;
  bool is_real = true;  // and so was everything on the way to it
};

// The points have an index; at the even ones every variable is positive. A variable's value is one
// of 500 rationals of [-2.5, 2.5], the same whatever other variables there are.
Evaluation evaluate(const Node& node, std::uint64_t point, Work& work);

}  // namespace rq::reward::math
