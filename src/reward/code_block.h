#pragma once
// The code in a model's answer.

#include <string_view>

#include "reward/sandbox.h"

namespace rq::reward {

// The last fenced block (``` or ~~~) after the model's thinking whose tag says Python or C++; where
// none does, the last without a tag, or else the last; where there is no block, the whole text. An
// answer that never stops thinking has no code: the program's text is empty. Code without a tag is
// C++ where it includes a header.
Program code_of(std::string_view answer);

}  // namespace rq::reward
