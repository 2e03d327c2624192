#pragma once
// One function a kind of problem, each in the file of its name; Python functions share one. Every
// step of a solution is a look-up in a small table as far as that goes, at difficulties 1 and 2
// above all: models of a few million parameters are to learn them. No kind has so few answers that
// guessing pays.

#include "base/rng.h"
#include "reward/problems/draft.h"

namespace rq::reward {

// Whole numbers.
Draft draw_sum(Rng& rng, int difficulty);         // several terms, digit by digit
Draft draw_product(Rng& rng, int difficulty);     // digit by digit
Draft draw_division(Rng& rng, int difficulty);    // the quotient rounded down, digit by digit
Draft draw_chain(Rng& rng, int difficulty);       // "add 3, double, subtract 5"
Draft draw_modular(Rng& rng, int difficulty);     // the same with a running value modulo 100
Draft draw_expression(Rng& rng, int difficulty);  // brackets, products first
Draft draw_divisor(Rng& rng, int difficulty);     // greatest common divisor
// Other mathematics.
Draft draw_equation(Rng& rng, int difficulty);  // linear, of one unknown
Draft draw_fraction(Rng& rng, int difficulty);  // sums of fractions, in lowest terms
// Word problems.
Draft draw_counting(Rng& rng, int difficulty);   // what somebody has after gains and losses
Draft draw_shopping(Rng& rng, int difficulty);   // prices, sums and change
Draft draw_comparing(Rng& rng, int difficulty);  // "Ben has 5 more than Anna"
// Logic.
Draft draw_order(Rng& rng, int difficulty);    // people in a row
Draft draw_liars(Rng& rng, int difficulty);    // who lies, from what people say of each other
Draft draw_survey(Rng& rng, int difficulty);   // how many of a group like this and not that
Draft draw_circuit(Rng& rng, int difficulty);  // statements made of statements
// Python functions, by what they are given.
Draft draw_list_function(Rng& rng, int difficulty);
Draft draw_text_function(Rng& rng, int difficulty);
Draft draw_number_function(Rng& rng, int difficulty);
Draft draw_inferred_function(Rng& rng, int difficulty);  // whose numbers examples tell

}  // namespace rq::reward
