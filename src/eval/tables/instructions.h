#pragma once
// Instructions whose following a program can see (IFEval: Zhou et al. 2023, arXiv 2311.07911). A
// row names them in "instruction_id_list", and "kwargs" says beside each what it asks for:
//
//   "instruction_id_list": ["keywords:frequency"],
//   "kwargs": [{"keyword": "tea", "frequency": 3, "relation": "at least"}]
//
// All is strict: the answer is taken as it stands, without a second try on an easier text.

#include <string>
#include <string_view>

#include "base/json.h"

namespace rq::eval {

// An Error where the row has no instructions, an unknown one, or one that is not told all it needs.
void check_instructions(const Json& row);

// The first instruction that the answer does not follow, with what it asks for; empty where it
// follows all. REQUIRES a row that check_instructions() lets pass.
std::string first_not_followed(const Json& row, std::string_view answer);

}  // namespace rq::eval
