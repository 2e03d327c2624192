#pragma once
// Statements of a template: text, {{ }}, and what stands in {% %}.

#include <functional>
#include <string>

#include "tokenizer/jinja/environment.h"
#include "tokenizer/jinja/token_stream.h"

namespace rq::tokenizer::jinja {

// How a statement ends: the loop around it goes on, is left, or begins its next round.
enum class Flow { kOn, kBreak, kContinue };

using Statement = std::function<Flow(Environment&, std::string& out)>;

// A whole template. An Error with the line where it is none.
Statement parse_template(TokenStream& tokens);

}  // namespace rq::tokenizer::jinja
