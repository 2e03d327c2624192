#pragma once
// The operators of expressions between two values, as Python has them.

#include <string>

#include "tokenizer/jinja/value.h"

namespace rq::tokenizer::jinja {

// + - * ** / // %
Value arithmetic(const std::string& symbol, const Value& a, const Value& b);

// == != < > <= >= in, not in
bool compare(const std::string& symbol, const Value& a, const Value& b);

}  // namespace rq::tokenizer::jinja
