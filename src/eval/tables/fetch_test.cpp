#include "eval/tables/fetch.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "eval/tables/embedded_files.h"

namespace rq::eval {
namespace {

TEST(FetchSets, HaveNamesOfTheirOwnAndOneWayToTheirRows) {
  std::set<std::string> names;
  for (const FetchSet& set : fetch_sets()) {
    EXPECT_TRUE(names.insert(set.name).second) << set.name;
    const int ways =
        (set.copied.empty() ? 0 : 1) + (set.program.empty() ? 0 : 1) + (set.row.empty() ? 0 : 1);
    EXPECT_EQ(ways, 1) << set.name;
  }
}

TEST(FetchSets, ProgramsThatMakeRowsArePartOfThisOne) {
  for (const FetchSet& set : fetch_sets()) {
    EXPECT_TRUE(set.program.empty() ||
                std::ranges::count(embedded_files(), set.program, &EmbeddedFile::name) == 1)
        << set.program;
  }
}

}  // namespace
}  // namespace rq::eval
