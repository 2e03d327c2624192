#pragma once
// Whether a program wrote what it should have.

#include <optional>
#include <string>
#include <string_view>

namespace rq::reward {

// The first difference between what was `written` and what was `expected`, as a sentence; nothing
// where they agree. Line by line; blanks at the ends of lines and empty lines at the end do not
// count. With a tolerance above 0, a number that is expected with a point or an exponent may differ
// by that much, or by that share of it; whole numbers stay exact.
std::optional<std::string> difference(std::string_view written,
                                      std::string_view expected,
                                      double tolerance);

}  // namespace rq::reward
