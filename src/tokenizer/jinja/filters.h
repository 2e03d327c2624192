#pragma once
// The filters of Jinja that chat templates use: value | name(arguments).

#include <string_view>

#include "tokenizer/jinja/value.h"

namespace rq::tokenizer::jinja {

using Filter = Value (*)(const Value& input, const Arguments& arguments);

Filter find_filter(std::string_view name);  // null where there is none

}  // namespace rq::tokenizer::jinja
