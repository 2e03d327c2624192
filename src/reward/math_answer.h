#pragma once
// Whether two answers to a mathematical question mean the same, for rewards and for evaluation:
// both are read as LaTeX or plain text, brought into one notation, parsed, and compared as values.
//
//   is_same_answer("\\frac{1}{2}", "0.5")        numbers, exactly where both are rational
//   is_same_answer("(x+1)^2", "x^2 + 2x + 1")    expressions, at fixed random points
//   is_same_answer("3, 1", "\\{1, 3\\}")         lists and sets in any order, tuples in theirs
//   is_same_answer("x > 2", "(2, \\infty)")      intervals, their unions, inequalities
//
// What is lenient: a unit, a currency, a percent sign or a base may be missing on one side, but two
// that are known must agree; "x = 5" answers what asks for 5; a decimal matches whatever it equals
// to six places; words are compared without case. Unknown notation is compared as text.
//
// Rational arithmetic is exact. Elsewhere two values are the same when they differ by less than
// 1e-12 of the larger one, or by 1e-15. Rational expressions of degree d that differ are taken for
// the same with a probability of (d / 250)^8 at most, over the choice of the points.
//
// Any bytes may come: the size of a text (8 KB), its nesting, its numbers and the work on them are
// bounded, some 20 ms at worst, and past the bounds only the same text is the same answer.

#include <string_view>

namespace rq::reward {

// Never throws on account of what the answers say; an empty answer equals none.
bool is_same_answer(std::string_view given, std::string_view expected);

}  // namespace rq::reward
