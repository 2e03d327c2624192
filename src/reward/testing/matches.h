#pragma once
// For tests only: what patterns (ECMAScript's) find in the text of a problem.

#include <string>
#include <vector>

namespace rq::reward {

// The groups of a match, the whole match first.
using Groups = std::vector<std::string>;

// Of the first match; empty where there is none.
Groups match(const std::string& text, const std::string& pattern);
// Of all matches, none of which overlap.
std::vector<Groups> matches(const std::string& text, const std::string& pattern);

// What stands before, between and after the places where `between` stands.
std::vector<std::string> parts(const std::string& text, const std::string& between);

}  // namespace rq::reward
