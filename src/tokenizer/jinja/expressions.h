#pragma once
// Expressions of a template: what stands in {{ }} and behind if, for and set.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tokenizer/jinja/environment.h"
#include "tokenizer/jinja/token_stream.h"
#include "tokenizer/jinja/value.h"

namespace rq::tokenizer::jinja {

using Expression = std::function<Value(Environment&)>;

Expression parse_expression(TokenStream& tokens);
// Several with commas between them are a list.
Expression parse_expressions(TokenStream& tokens);
// Without "a if b else c": what a loop goes through.
Expression parse_without_condition(TokenStream& tokens);

// What is called: the value's function, or an Error.
Value call(const Value& function, const Arguments& arguments);

}  // namespace rq::tokenizer::jinja
