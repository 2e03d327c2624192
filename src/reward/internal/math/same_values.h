#pragma once
// Expressions compared by their values: of constants the one they have, else those at fixed random
// points.

#include "reward/internal/math/number.h"
#include "reward/internal/math/tree.h"

namespace rq::reward::math {

// kDecimal where either was written with a decimal point.
Closeness closeness_of(const Node& a, const Node& b);

// At the points where both are defined; where they are real at some, at those alone:
// sqrt(x) sqrt(y) is sqrt(xy).
bool are_same_values(const Node& a, const Node& b, Work& work);

// Whether a / b is one number, not 0, at all points.
enum class Ratio { kAny, kPositive };
bool have_constant_ratio(const Node& a, const Node& b, Ratio ratio, Work& work);

}  // namespace rq::reward::math
