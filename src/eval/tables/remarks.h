#pragma once
// What stands below a table: how to read it, what is unusual in it, and how it is made again.

#include <string>
#include <vector>

#include "eval/tables/table.h"

namespace rq::eval {

// Sentences on what is unusual in it, and how to read its marks.
std::vector<std::string> remarks_of(const Table& table);
// A line a task and a model: all that it takes to make the figures again.
std::vector<std::string> making_of(const Table& table);

}  // namespace rq::eval
