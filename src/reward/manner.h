#pragma once
// How an answer is said, whatever it says: what DeepSeek-R1's training rewards beside being right
// (arXiv 2501.12948, §2.2.2 and §2.3.2).

#include <string_view>

namespace rq::reward {

// Whether the answer reasons first and then answers: there is exactly one "</think>", at most one
// "<think>", at the very beginning (a prompt may have given it already), and neither part is blank.
bool has_reasoning_form(std::string_view answer);

// The share of the answer's letters that are of a script that the prompt's letters are of: 1 for an
// answer in English to a question in English, 0 for one in Chinese. What languages have in common
// does not count: formulas between $ or \( and \), \[ and \], \commands, and code between fences. 1
// where no letter is left. Sound UTF-8 or not.
double language_consistency(std::string_view prompt, std::string_view answer);

}  // namespace rq::reward
