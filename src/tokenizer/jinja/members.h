#pragma once
// What stands behind a value: .name, [key], [first:last:step]. Strings and mappings have the
// methods of Python's that change nothing.

#include <cstdint>
#include <optional>
#include <string>

#include "tokenizer/jinja/value.h"

namespace rq::tokenizer::jinja {

// Undefined where there is no such member; an Error where the value itself is undefined.
Value member(const Value& value, const std::string& name);
Value element(const Value& container, const Value& key);

// Of a list, or of the characters of a string, as Python counts.
Value slice(const Value& sequence,
            std::optional<std::int64_t> first,
            std::optional<std::int64_t> last,
            std::optional<std::int64_t> step);

}  // namespace rq::tokenizer::jinja
