#pragma once
// The tests of Jinja: value is name(arguments).

#include <string_view>

#include "tokenizer/jinja/value.h"

namespace rq::tokenizer::jinja {

using Test = bool (*)(const Value& input, const Arguments& arguments);

Test find_test(std::string_view name);  // null where there is none

}  // namespace rq::tokenizer::jinja
