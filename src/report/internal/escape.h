#pragma once
// Text as it may stand in XML and HTML, between tags and in quoted attributes.

#include <string>
#include <string_view>

namespace rq::report {

std::string escaped(std::string_view text);

}  // namespace rq::report
