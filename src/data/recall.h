#pragma once
// Facts that can be recalled: the one wording that training documents and the needle test share.
//
//   Remember heron=copper.
//
// A statement is a sentence of its own; a question is that sentence up to the key, so that the
// answer is what a language model should continue it with. Key and value are common words, and the
// value follows the key: a tokenizer that was trained on such text makes one token of each, and
// looking up what followed a token is the first thing a model learns to do with its context
// (induction). Harder wordings would ask for more than where in its context a model can look.

#include <cstdint>
#include <string>
#include <vector>

#include "base/rng.h"

namespace rq::data {

struct Fact {
  std::string key;    // "heron"
  std::string value;  // "copper"; no word is both a key and a value
};

// How many different keys there are, and as many values: so many facts can be drawn at once.
std::int64_t most_facts();

// Facts with different keys and different values. `count` from 0 to most_facts(), else an Error.
std::vector<Fact> draw_facts(Rng& rng, std::int64_t count);

// question(f) + answer(f) + "." == statement(f), and none of them has a newline.
std::string statement(const Fact& fact);  // "Remember heron=copper."
std::string question(const Fact& fact);   // "Remember heron"
std::string answer(const Fact& fact);     // "=copper"

}  // namespace rq::data
