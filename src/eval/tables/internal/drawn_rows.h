#pragma once
// Rows that are in no file: generated problems.

#include <vector>

#include "data/rows.h"
#include "eval/tables/data_settings.h"

namespace rq::eval {

// Each is a problem's members. An Error where a kind is unknown, or has fewer.
std::vector<data::Row> drawn_rows(const DrawnProblems& drawn);

}  // namespace rq::eval
