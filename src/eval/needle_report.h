#pragma once
// A needle map for people and programs: a table, JSON, and a heat map.

#include <string>
#include <string_view>

#include "base/json.h"
#include "eval/needle.h"

namespace rq::eval {

// A table a variant, lengths across and depths down, in percent found by generation; a second one
// by log-probability where the two differ.
std::string to_table(const NeedleMap& map);

// The config, and every cell with its counts, shares and 95 % intervals.
Json to_json(const NeedleMap& map);

// A heat map with a panel a variant, shares by generation with their intervals, as SVG.
std::string to_svg(const NeedleMap& map, std::string_view model_name);

}  // namespace rq::eval
