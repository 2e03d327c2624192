#pragma once
// Tables as text: a row a line, fields between commas or tabs.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rq::data {

struct DelimitedRow {
  std::vector<std::string> fields;
  std::int64_t line = 0;  // where it begins, from 1
};

// With commas, fields may stand in quotes and then hold commas, newlines and doubled quotes
// (RFC 4180); between tabs every character stands for itself. Empty lines are no rows. An Error
// names origin and line of a quote that does not end.
std::vector<DelimitedRow> read_delimited(std::string_view text,
                                         char delimiter,
                                         std::string_view origin);

}  // namespace rq::data
