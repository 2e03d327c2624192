#pragma once
// A table's page in HTML: one file, without anything to fetch, readable on light and dark paper.

#include <string>
#include <string_view>
#include <vector>

namespace rq::eval {

std::string html_page(std::string_view title, std::string_view body);
std::string html_list(const std::vector<std::string>& lines);
// Text as it may stand between tags.
std::string html_escaped(std::string_view text);

}  // namespace rq::eval
