#pragma once
// The order of paths that a reader expects.

#include <string_view>

namespace rq::data {

// Whether path `a` comes before `b`: component by component, where digits that stand together count
// as one number, so that "chapter9" is before "chapter10". A strict order: equal paths alone are
// neither before nor after each other.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace rq::data
