#pragma once
// Facts that can be recalled: the one wording that training documents and the needle test share.
//
//   The number of the grey heron is 483920.
//
// A statement is a sentence of its own; a question is that sentence up to the value, so that the
// answer is what a language model should continue it with.

#include <cstdint>
#include <string>
#include <vector>

#include "base/rng.h"

namespace rq::data {

struct Fact {
  std::string key;    // "the grey heron"
  std::string value;  // "483920": six digits, the first not 0
};

// How many different keys there are, and so how many facts can be drawn at once.
std::int64_t most_facts();

// Facts with different keys and different values. `count` from 0 to most_facts(), else an Error.
std::vector<Fact> draw_facts(Rng& rng, std::int64_t count);

// question(f) + answer(f) + "." == statement(f), and none of them has a newline.
std::string statement(const Fact& fact);  // "The number of the grey heron is 483920."
std::string question(const Fact& fact);   // "The number of the grey heron is"
std::string answer(const Fact& fact);     // " 483920"

}  // namespace rq::data
