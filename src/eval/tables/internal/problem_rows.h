#pragma once
// Problems as the rows of a task.

#include <filesystem>
#include <vector>

#include "data/rows.h"
#include "eval/tables/data_settings.h"

namespace rq::eval {

// Each is a problem's members; files stand below `folder`. An Error where a kind is unknown, or has
// fewer, or a file holds something else.
std::vector<data::Row> problem_rows(const ProblemSource& source,
                                    const std::filesystem::path& folder);

}  // namespace rq::eval
