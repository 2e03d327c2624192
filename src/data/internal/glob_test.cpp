#include "data/internal/glob.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/files.h"
#include "data/internal/test_folder.h"

namespace rq::data {
namespace {

class Glob : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto* name :
         {"a.txt", "b.md", "x/c.txt", "x/y/d.txt", "x/y/.hidden.txt", ".git/e.txt"}) {
      write_file(folder_ / name, "text");
    }
  }
  std::vector<std::string> matches(std::string_view pattern) const {
    std::vector<std::string> names;
    for (const auto& file : find_files(pattern, folder_.path())) {
      names.push_back(file.lexically_relative(folder_.path()).string());
    }
    return names;
  }
  TestFolder folder_;
};

using Strings = std::vector<std::string>;

TEST_F(Glob, AStarStaysInItsFolder) {
  EXPECT_EQ(matches("*.txt"), Strings{"a.txt"});
}

TEST_F(Glob, TwoStarsAreAnyNumberOfFolders) {
  EXPECT_EQ(matches("**/*.txt"), (Strings{"a.txt", "x/c.txt", "x/y/d.txt"}));
  EXPECT_EQ(matches("x/**/d.txt"), Strings{"x/y/d.txt"});
  EXPECT_EQ(matches("x/**"), (Strings{"x/c.txt", "x/y/d.txt"}));
}

TEST_F(Glob, HiddenNamesNeedADot) {
  EXPECT_EQ(matches("x/y/.*"), Strings{"x/y/.hidden.txt"});
}

TEST_F(Glob, ANameWithoutWildcardsIsItself) {
  EXPECT_EQ(matches("x/c.txt"), Strings{"x/c.txt"});
  EXPECT_EQ(matches("./x/c.txt"), Strings{"x/c.txt"});
  EXPECT_EQ(matches("x"), Strings{});
  EXPECT_EQ(matches("absent/*"), Strings{});
}

TEST_F(Glob, AnAbsolutePatternIgnoresTheFolder) {
  EXPECT_EQ(find_files((folder_ / "[ab].*").string(), "/absent").size(), 2U);
}

}  // namespace
}  // namespace rq::data
