#pragma once
// What the tests of this module read: made-up prose, and a tokenizer trained on it.

#include <cstdint>
#include <string>

#include "tokenizer/tokenizer.h"

namespace rq::eval::testing {

// About `sentences` times 40 bytes; each sentence on a line of its own, or all in one line.
enum class Lines { kSentences, kOne };
std::string prose(std::int64_t sentences, Lines lines);

// A byte-level BPE of 300 ids.
const tokenizer::Tokenizer& small_tokenizer();

}  // namespace rq::eval::testing
